package io.millrace.launcher.cli;

import io.millrace.launcher.config.ConfigException;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.LoadedConfig;
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

  /**
   * The configuration in force; read once.
   *
   * @throws ConfigException with every fault
   */
  public LoadedConfig loadConfig() {
    if (loaded == null) {
      ConfigLoader loader = new ConfigLoader(System.getenv());
      Optional<Path> file =
          Optional.ofNullable(config).or(() -> ConfigLoader.find(Path.of("").toAbsolutePath()));
      loaded = file.map(loader::load).orElseGet(loader::withoutFile);
    }
    return loaded;
  }

  /** Where data is kept: the option, or what the configuration says. */
  public Path dataDir() {
    return dataDir != null ? dataDir : loadConfig().config().dataDir();
  }

  /** Sends the log to a file in the data folder from now on. */
  public void logToFile() {
    LoggingSetup.toFile(dataDir(), loadConfig().config().logging(), verbose);
  }

  /** Sends the log to standard error from now on. */
  void logAsService() {
    LoggingSetup.toStandardError(loadConfig().config().logging(), verbose);
  }

  /** Whether stack traces and details are wanted. */
  public boolean verbose() {
    return verbose;
  }
}
