package io.millrace.stages.hooks.headers;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Middleware;
import io.millrace.plugin.model.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sets headers on every answer; the last attempt's count. */
final class HeadersMiddleware extends Middleware {

  private static final int MAX_VALUE_CHARACTERS = 256;

  private final List<Field> fields;
  private final Map<String, String> fixed;

  HeadersMiddleware(List<Field> fields, Map<String, String> fixed) {
    this.fields = List.copyOf(fields);
    this.fixed = Map.copyOf(fixed);
  }

  @Override
  protected Outcome after(Outcome outcome, Duration elapsed, HookContext context) {
    fixed.forEach(context::setResponseHeader);
    for (Field field : fields) {
      context.setResponseHeader(field.header(), printable(field.value(context, elapsed)));
    }
    return outcome;
  }

  /** Names of models are anybody's own; what a header cannot carry becomes a question mark. */
  static String printable(String value) {
    String cut =
        value.length() <= MAX_VALUE_CHARACTERS ? value : value.substring(0, MAX_VALUE_CHARACTERS);
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
