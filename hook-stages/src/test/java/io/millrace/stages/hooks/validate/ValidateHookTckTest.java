package io.millrace.stages.hooks.validate;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The validate hook keeps to the contract of hooks. */
class ValidateHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new ValidateHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(
        Map.of(),
        Map.of("role_order", "strict", "control_characters", "refuse", "max_reply_characters", 3),
        Map.of("models", Map.of("*", Map.of("max_input_tokens", 1))));
  }
}
