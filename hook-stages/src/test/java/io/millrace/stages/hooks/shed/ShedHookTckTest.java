package io.millrace.stages.hooks.shed;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The shed hook keeps to the contract of hooks. */
class ShedHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new ShedHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(
        Map.of(),
        Map.of("max_open", 10, "action", "park"),
        Map.of("max_oldest", "90s", "levels", Map.of("batch", 1.5)));
  }
}
