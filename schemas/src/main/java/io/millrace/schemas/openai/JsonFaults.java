package io.millrace.schemas.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Objects;
import java.util.regex.Pattern;

/** Says why a text is no JSON, in words for its writer. */
public final class JsonFaults {

  /** How the parser names another place, with much about a source that it does not show. */
  private static final Pattern PLACE =
      Pattern.compile("\\[Source: [^;]{0,200}; line: (\\d{1,10}), column: (\\d{1,10})]");

  private JsonFaults() {}

  /** What is wrong, without the place where it is; never empty. */
  public static String reason(JsonProcessingException e) {
    String message = Objects.requireNonNullElse(e.getOriginalMessage(), "it cannot be read");
    String line = message.lines().findFirst().orElse("it cannot be read");
    return PLACE.matcher(line).replaceAll("line $1, column $2");
  }
}
