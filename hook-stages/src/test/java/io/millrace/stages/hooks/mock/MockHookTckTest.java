package io.millrace.stages.hooks.mock;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The mock hook keeps to the contract of hooks. */
class MockHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new MockHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(
        Map.of(),
        Map.of("otherwise", "error"),
        Map.of(
            "rules",
            List.of(
                Map.of(
                    "match",
                    Map.of("contains", "sky"),
                    "respond",
                    Map.of("text", "{prompt}"),
                    "delay",
                    "50ms"),
                Map.of("error", Map.of("code", "x"), "probability", 0.5))));
  }
}
