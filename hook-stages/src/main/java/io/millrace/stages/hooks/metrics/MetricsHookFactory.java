package io.millrace.stages.hooks.metrics;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import java.util.Map;

/** Creates the {@code metrics} hook; it takes no configuration. */
public final class MetricsHookFactory implements HookFactory {

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "metrics",
            "Counts attempts and tokens and times attempts by provider, model, lane and outcome.")
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    if (!config.isEmpty()) {
      throw new IllegalArgumentException(
          "metrics takes no configuration, found " + config.keySet());
    }
    return new MetricsHook(environment.meters());
  }
}
