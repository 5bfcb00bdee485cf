package io.millrace.stages.hooks.redact;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import io.millrace.stages.hooks.settings.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Creates the {@code redact} hook; the folder's README has its configuration. */
public final class RedactHookFactory implements HookFactory {

  static final int MAX_PATTERNS = 32;
  static final int MAX_PATTERN_CHARACTERS = 500;
  static final int DEFAULT_MAX_CHARACTERS = 1_000_000;
  static final int MAX_CHARACTERS = 16_000_000;

  private static final java.util.regex.Pattern NAME =
      java.util.regex.Pattern.compile("[a-z][a-z0-9_]{0,31}");

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "prompts": {
            "description": "What becomes of prompts: off, mask, or restore (placeholders that come back in the reply).",
            "enum": ["off", "mask", "restore"],
            "default": "restore"
          },
          "kinds": {
            "description": "What is looked for; everything where it is not given.",
            "type": "array",
            "uniqueItems": true,
            "items": {
              "enum": ["bearer", "card", "email", "iban", "ip", "jwt", "key", "phone", "private_key", "ssn"]
            }
          },
          "patterns": {
            "description": "Patterns of your own, in RE2 syntax; they come before the built-in ones.",
            "type": "array",
            "maxItems": 32,
            "items": {
              "type": "object",
              "additionalProperties": false,
              "required": ["name", "pattern"],
              "properties": {
                "name": {
                  "description": "What it is called in masks, meters and events.",
                  "type": "string",
                  "pattern": "^[a-z][a-z0-9_]{0,31}$"
                },
                "pattern": {
                  "description": "The regular expression.",
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 500
                }
              }
            }
          },
          "max_characters": {
            "description": "A request with more text is refused, since nobody could say what is in it.",
            "type": "integer",
            "minimum": 1000,
            "maximum": 16000000,
            "default": 1000000
          }
        }
      }
      """;

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "redact",
            "Takes personal data and secrets out of prompts and puts them back into replies.")
        .onError(OnError.FAIL)
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    Settings settings = Settings.of(config, "prompts", "kinds", "patterns", "max_characters");
    return new RedactHook(
        Redactor.of(kinds(settings), patterns(settings)),
        settings.oneOf("prompts", PromptMode.RESTORE),
        (int) settings.integer("max_characters", DEFAULT_MAX_CHARACTERS, 1_000, MAX_CHARACTERS),
        environment.meters());
  }

  private static Set<String> kinds(Settings settings) {
    Set<String> all = Redactor.standardKinds();
    if (!settings.has("kinds")) {
      return all;
    }
    Set<String> chosen = new HashSet<>(settings.texts("kinds", all.size(), 32));
    if (!all.containsAll(chosen)) {
      throw settings.wrong("kinds", "a list of some of " + all);
    }
    return chosen;
  }

  private static List<CustomDetector> patterns(Settings settings) {
    List<CustomDetector> patterns = new ArrayList<>();
    for (Settings entry : settings.sections("patterns", MAX_PATTERNS, "name", "pattern")) {
      String name = entry.requiredText("name", 32);
      if (!NAME.matcher(name).matches()) {
        throw entry.wrong("name", "1 to 32 lower case letters, digits and underscores");
      }
      String pattern = entry.requiredText("pattern", MAX_PATTERN_CHARACTERS);
      try {
        patterns.add(new CustomDetector(name, Pattern.compile(pattern)));
      } catch (PatternSyntaxException e) {
        throw entry.wrong("pattern", "a regular expression of RE2: " + e.getDescription());
      }
    }
    return patterns;
  }
}
