package answertime;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import java.util.Map;

/** Creates the middleware {@code answer-time}. */
public final class AnswerTimeFactory implements HookFactory {

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "field": {
            "description": "The name of the added field; its value is in milliseconds.",
            "type": "string",
            "pattern": "^[a-z][a-z_]*$",
            "default": "processing_ms"
          }
        }
      }
      """;

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of("answer-time", "Tells callers how long their answer took.")
        .version("1.0.0")
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return new AnswerTime(String.valueOf(config.get("field")));
  }
}
