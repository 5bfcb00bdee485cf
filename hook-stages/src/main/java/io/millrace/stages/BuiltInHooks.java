package io.millrace.stages;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.stages.hooks.auth.AuthHookFactory;
import io.millrace.stages.hooks.budget.BudgetHookFactory;
import io.millrace.stages.hooks.cache.CacheHookFactory;
import io.millrace.stages.hooks.headers.HeadersHookFactory;
import io.millrace.stages.hooks.logging.LoggingHookFactory;
import io.millrace.stages.hooks.metrics.MetricsHookFactory;
import io.millrace.stages.hooks.mock.MockHookFactory;
import io.millrace.stages.hooks.ratelimit.RateLimitHookFactory;
import io.millrace.stages.hooks.redact.RedactHookFactory;
import io.millrace.stages.hooks.shed.ShedHookFactory;
import io.millrace.stages.hooks.validate.ValidateHookFactory;
import java.util.List;
import java.util.stream.Stream;

/** The hooks that come with Millrace. */
public final class BuiltInHooks {

  private BuiltInHooks() {}

  /** One factory each. */
  public static List<HookFactory> all() {
    return List.of(
        new LoggingHookFactory(),
        new MetricsHookFactory(),
        new HeadersHookFactory(),
        new ShedHookFactory(),
        new ValidateHookFactory(),
        new AuthHookFactory(),
        new RateLimitHookFactory(),
        new BudgetHookFactory(),
        new RedactHookFactory(),
        new CacheHookFactory(),
        new MockHookFactory());
  }

  /** The chain where nothing is configured. */
  public static List<HookSetting> defaultChain() {
    return Stream.of(
            new LoggingHookFactory(),
            new MetricsHookFactory(),
            new AuthHookFactory(),
            new RateLimitHookFactory(),
            new BudgetHookFactory(),
            new CacheHookFactory())
        .map(HookSetting::of)
        .toList();
  }
}
