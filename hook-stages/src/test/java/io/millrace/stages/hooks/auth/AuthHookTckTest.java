package io.millrace.stages.hooks.auth;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The auth hook keeps to the contract of hooks. */
class AuthHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new AuthHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(Map.of(), Map.of("required", true));
  }
}
