package io.millrace.launcher.cli;

import io.millrace.launcher.config.ConfigException;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.LoadedConfig;
import io.millrace.launcher.config.MillraceConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every command takes; use as a {@code @Mixin}. */
public final class GlobalOptions {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "Configuration file. Default: millrace.yaml or millrace.json in the working folder, if"
              + " there is one.")
  private @Nullable Path config;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = "Where data is kept. Default: data_dir of the configuration (.millrace).")
  private @Nullable Path dataDir;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log in detail, and show stack traces.")
  private boolean verbose;

  private @Nullable LoadedConfig loaded;
  private @Nullable LoadedConfig loadedByClient;

  /**
   * The configuration in force; read once.
   *
   * @throws ConfigException with every fault
   */
  public LoadedConfig loadConfig() {
    if (loaded == null) {
      loaded = load(new ConfigLoader(System.getenv()));
    }
    return loaded;
  }

  /**
   * The configuration for a command that calls no provider and runs no plugin: it does without the
   * environment variables that these need.
   *
   * @throws ConfigException with every fault
   */
  MillraceConfig clientConfig() {
    if (loaded != null) {
      return loaded.config();
    }
    if (loadedByClient == null) {
      loadedByClient = load(ConfigLoader.ofClient(System.getenv()));
    }
    return loadedByClient.config();
  }

  private LoadedConfig load(ConfigLoader loader) {
    return Optional.ofNullable(config)
        .or(() -> ConfigLoader.find(Path.of("").toAbsolutePath()))
        .map(loader::load)
        .orElseGet(loader::withoutFile);
  }

  /** Where data is kept: the option, or what the configuration says. */
  public Path dataDir() {
    return dataDir != null ? dataDir : clientConfig().dataDir();
  }

  /** What another command needs to find the same pipeline, as it was given; empty for nothing. */
  String asGiven() {
    return (config == null ? "" : " --config " + config)
        + (dataDir == null ? "" : " --data-dir " + dataDir);
  }

  /** Sends the log to a file in the data folder from now on. */
  public void logToFile() {
    LoggingSetup.toFile(dataDir(), clientConfig().logging(), verbose);
  }

  /** Sends the log to standard error from now on. */
  void logAsService() {
    LoggingSetup.toStandardError(clientConfig().logging(), verbose);
  }

  /** Whether stack traces and details are wanted. */
  public boolean verbose() {
    return verbose;
  }
}
