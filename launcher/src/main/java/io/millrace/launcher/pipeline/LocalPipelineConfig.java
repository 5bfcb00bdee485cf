package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.MillraceConfig;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a pipeline in one process needs to know.
 *
 * @param settings the configuration in force; its {@code kafka} section is not used, because the
 *     broker is this process's own
 * @param dataDir where broker, registry and state stores keep their data; made if missing
 * @param kafkaPort 0 for a free one
 * @param registryPort 0 for a free one
 * @param httpPort 0 for a free one
 */
public record LocalPipelineConfig(
    MillraceConfig settings, Path dataDir, int kafkaPort, int registryPort, int httpPort) {

  /** Checks presence. */
  public LocalPipelineConfig {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(dataDir, "dataDir");
  }

  /** On the ports the configuration names. */
  public static LocalPipelineConfig onConfiguredPorts(MillraceConfig settings, Path dataDir) {
    return new LocalPipelineConfig(
        settings,
        dataDir,
        settings.embedded().kafkaPort(),
        settings.embedded().registryPort(),
        settings.http().port());
  }

  /** On free ports, so that any number can run side by side, each in its own folder. */
  public static LocalPipelineConfig onFreePorts(MillraceConfig settings, Path dataDir) {
    return new LocalPipelineConfig(settings, dataDir, 0, 0, 0);
  }
}
