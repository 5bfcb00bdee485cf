package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.Scope;
import java.util.Map;

/**
 * Creates the {@code rate-limit} hook. Its keys are in the README beside this file and in its
 * schema. Without {@code limits} it lets everything pass.
 */
public final class RateLimitHookFactory implements HookFactory {

  /** For the service loader. */
  public RateLimitHookFactory() {}

  @Override
  public HookDescriptor descriptor() {
    return descriptor(Scope.TENANT);
  }

  @Override
  public HookDescriptor descriptor(Map<String, Object> config) {
    return descriptor("provider".equals(config.get("scope")) ? Scope.PROVIDER : Scope.TENANT);
  }

  private static HookDescriptor descriptor(Scope scope) {
    return HookDescriptor.of(
            "rate-limit",
            "Holds requests and tokens to limits; refuses what is over, or has it wait.")
        .stateBy(scope)
        .onError(OnError.FAIL)
        .configSchema(RateLimitSchema.JSON)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return new RateLimitHook(RateLimitConfig.read(config), environment.meters());
  }
}
