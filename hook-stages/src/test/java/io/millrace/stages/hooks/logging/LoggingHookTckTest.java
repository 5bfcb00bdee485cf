package io.millrace.stages.hooks.logging;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The logging hook keeps to the contract of hooks. */
class LoggingHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new LoggingHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(Map.of(), Map.of("sample", 1, "preview_characters", 20));
  }
}
