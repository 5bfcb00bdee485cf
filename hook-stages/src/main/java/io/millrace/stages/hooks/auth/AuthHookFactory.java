package io.millrace.stages.hooks.auth;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import io.millrace.stages.hooks.settings.Settings;
import java.util.Map;

/**
 * Creates the {@code auth} hook. Configuration: {@code required}, whether an exchange without a
 * caller is refused (default false).
 */
public final class AuthHookFactory implements HookFactory {

  /** Before the other built-in hooks: what is refused costs them nothing. */
  private static final int ORDER = -100;

  private static final String REQUIRED = "required";
  private static final String SCHEMA =
      """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "required": {
            "type": "boolean",
            "default": false,
            "description": "Whether a request is refused whose sender is not known. Also refuses what the command line sends, which has no credential."
          }
        }
      }
      """;

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "auth", "Asks before every attempt what the sender's key or token may do now.")
        .order(ORDER)
        .onError(OnError.FAIL)
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return new AuthHook(
        new AccessRules(
            environment.accessKeys(), Settings.of(config, REQUIRED).flag(REQUIRED, false)),
        environment.meters());
  }
}
