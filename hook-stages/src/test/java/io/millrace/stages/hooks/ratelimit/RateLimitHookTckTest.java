package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The rate-limit hook keeps to the contract of hooks. */
class RateLimitHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new RateLimitHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(
        Map.of(),
        Map.of("limits", List.of(Map.of("limit", 1, "by", List.of("tenant", "model")))),
        Map.of(
            "scope",
            "provider",
            "limits",
            List.of(
                Map.of("limit", 600, "unit", "tokens", "algorithm", "sliding_window"),
                Map.of(
                    "name",
                    "waits",
                    "limit",
                    1,
                    "on_limit",
                    "wait",
                    "algorithm",
                    "fixed_window"))));
  }
}
