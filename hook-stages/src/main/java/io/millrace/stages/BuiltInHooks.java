package io.millrace.stages;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.stages.hooks.auth.AuthHookFactory;
import io.millrace.stages.hooks.logging.LoggingHookFactory;
import io.millrace.stages.hooks.metrics.MetricsHookFactory;
import java.util.List;
import java.util.stream.Stream;

/** The hooks that come with Millrace. */
public final class BuiltInHooks {

  private BuiltInHooks() {}

  /** One factory each. */
  public static List<HookFactory> all() {
    return List.of(new AuthHookFactory(), new LoggingHookFactory(), new MetricsHookFactory());
  }

  /** The chain where nothing is configured. */
  public static List<HookSetting> defaultChain() {
    return Stream.of(new LoggingHookFactory(), new MetricsHookFactory())
        .map(HookSetting::of)
        .toList();
  }
}
