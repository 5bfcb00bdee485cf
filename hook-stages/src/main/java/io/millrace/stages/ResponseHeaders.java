package io.millrace.stages;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What hooks tell the caller beyond the answer, and the bounds of it. */
final class ResponseHeaders {

  /** The most names of one exchange. */
  static final int MAX_NAMES = 32;

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{0,256}");
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "date",
          "location",
          "retry-after",
          "set-cookie",
          "transfer-encoding",
          "x-millrace-request-id",
          "x-request-id");

  private ResponseHeaders() {}

  /**
   * The headers with one more, or with another value.
   *
   * @throws IllegalArgumentException when a bound is exceeded, naming it
   */
  static Map<String, String> with(Map<String, String> headers, String name, String value) {
    check(name, value);
    Map<String, String> changed = new HashMap<>(headers);
    changed.put(name, value);
    if (changed.size() > MAX_NAMES) {
      throw new IllegalArgumentException(
          "an exchange has at most " + MAX_NAMES + " response headers; '" + name + "' is one more");
    }
    return changed;
  }

  /** Checks a name and its value. */
  static void check(String name, String value) {
    if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
      throw new IllegalArgumentException(
          "a response header's name is 1 to 64 lower case letters, digits and hyphens, and not one"
              + " that the answer has anyway; not '"
              + name
              + "'");
    }
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "response header '" + name + "' has at most 256 characters, all printable ASCII");
    }
  }
}
