package io.millrace.launcher.pipeline;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.stages.HookStages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Asks the services whether they would start with a configuration; starts nothing. */
public final class ServiceChecks {

  private final List<ConfigFault> faults = new ArrayList<>();
  private final ServiceConfigs configs;
  private final MillraceConfig settings;

  private ServiceChecks(MillraceConfig settings, Path dataDir) {
    this.settings = settings;
    this.configs = new ServiceConfigs(settings, dataDir);
  }

  /** What the services object to, each under the section it reads. */
  public static List<ConfigFault> faults(MillraceConfig settings, Path dataDir) {
    ServiceChecks checks = new ServiceChecks(settings, dataDir);
    checks.check("http", () -> checks.configs.ingest(settings.http().port()));
    checks.checkPlugins(dataDir);
    checks.check("providers", checks.configs::providers);
    checks.check("analytics", checks.configs::analytics);
    return checks.faults;
  }

  private void checkPlugins(Path dataDir) {
    try (Plugins plugins = Plugins.tryLoad(settings, dataDir)) {
      List<ConfigFault> found = plugins.faults();
      faults.addAll(found);
      if (found.isEmpty()) {
        check("plugins", () -> planHooks(plugins));
      }
    }
  }

  private void planHooks(Plugins plugins) {
    HookStages.describe(
        configs.hooks(plugins.hooks(), plugins.strategies()),
        settings.topicCatalogue(),
        new SimpleMeterRegistry());
  }

  private void check(String section, Runnable attempt) {
    try {
      attempt.run();
    } catch (IllegalArgumentException e) {
      faults.add(new ConfigFault(section, Objects.toString(e.getMessage(), e.toString())));
    }
  }
}
