package bannedwords;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import java.util.List;
import java.util.Map;

/** Creates the hook {@code banned-words}. */
public final class BannedWordsFactory implements HookFactory {

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "required": ["words"],
        "properties": {
          "words": {
            "description": "Whole words, in any case of letters.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "minItems": 1,
            "maxItems": 10000
          }
        }
      }
      """;

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of("banned-words", "Fails prompts and answers that have a banned word.")
        .version("1.0.0")
        .onError(OnError.FAIL)
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    List<?> words = (List<?>) config.getOrDefault("words", List.of());
    return new BannedWords(words.stream().map(String::valueOf).toList());
  }
}
