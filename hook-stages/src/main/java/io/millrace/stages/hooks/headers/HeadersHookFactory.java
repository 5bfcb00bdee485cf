package io.millrace.stages.hooks.headers;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.stages.hooks.settings.Settings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Creates the {@code headers} middleware; the folder's README has its configuration. */
public final class HeadersHookFactory implements HookFactory {

  static final int MAX_FIXED = 16;

  private static final Pattern NAME = Pattern.compile("x-[a-z0-9-]{1,62}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{1,256}");
  private static final Set<String> TAKEN = Set.of("x-request-id", "x-millrace-request-id");

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "include": {
            "description": "What the headers tell, each as x-millrace-NAME.",
            "type": "array",
            "uniqueItems": true,
            "items": {
              "enum": ["processing-ms", "attempt-ms", "attempts", "provider", "model", "lane"]
            },
            "default": ["processing-ms", "attempts", "provider", "model"]
          },
          "headers": {
            "description": "Headers of your own, the same on every answer: names begin with x-, values are printable ASCII.",
            "type": "object",
            "maxProperties": 16,
            "propertyNames": {"pattern": "^x-[a-z0-9-]{1,62}$"},
            "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 256}
          }
        }
      }
      """;

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "headers", "Tells callers what became of their request, in headers of the answer.")
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    Settings settings = Settings.of(config, "include", "headers");
    return new HeadersMiddleware(fields(settings), fixed(settings));
  }

  private static List<Field> fields(Settings settings) {
    if (!settings.has("include")) {
      return List.of(Field.PROCESSING_MS, Field.ATTEMPTS, Field.PROVIDER, Field.MODEL);
    }
    return settings.texts("include", Field.values().length, 64).stream()
        .map(
            name ->
                Arrays.stream(Field.values())
                    .filter(field -> field.wireName().equals(name))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            settings.wrong(
                                "include",
                                "a list of some of "
                                    + Arrays.stream(Field.values()).map(Field::wireName).toList())))
        .toList();
  }

  private static Map<String, String> fixed(Settings settings) {
    Settings given = settings.named("headers", MAX_FIXED);
    Map<String, String> headers = new HashMap<>();
    for (String name : given.keys()) {
      if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
        throw new IllegalArgumentException(
            given.at(name)
                + " is no name for a header: x- and 1 to 62 lower case letters, digits and"
                + " hyphens, and none of "
                + TAKEN);
      }
      String value = given.requiredText(name, 256);
      if (!VALUE.matcher(value).matches()) {
        throw given.wrong(name, "printable ASCII");
      }
      headers.put(name, value);
    }
    return headers;
  }
}
