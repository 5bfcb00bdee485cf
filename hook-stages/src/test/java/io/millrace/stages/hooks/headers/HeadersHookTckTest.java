package io.millrace.stages.hooks.headers;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The headers hook keeps to the contract of hooks. */
class HeadersHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new HeadersHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(
        Map.of(), Map.of("include", List.of("lane", "attempt-ms"), "headers", Map.of("x-a", "b")));
  }
}
