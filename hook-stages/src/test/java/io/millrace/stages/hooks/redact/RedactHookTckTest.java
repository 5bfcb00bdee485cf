package io.millrace.stages.hooks.redact;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The redact hook keeps to the contract of hooks. */
class RedactHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new RedactHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(
        Map.of(),
        Map.of("prompts", "mask", "kinds", List.of("email")),
        Map.of("patterns", List.of(Map.of("name", "blue", "pattern", "(?i)blue"))),
        Map.of("patterns", List.of(Map.of("name", "vowel", "pattern", "[aeiou]*"))));
  }
}
