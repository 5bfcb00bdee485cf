package io.millrace.stages;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What hooks tell the caller beyond the answer, and the bounds of it. */
final class ResponseHeaders {

  /** The most names of one exchange. */
  static final int MAX_NAMES = 32;

  private static final int MAX_NAME_CHARACTERS = 64;
  private static final int MAX_VALUE_CHARACTERS = 256;
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
    if (!isName(name) || RESERVED.contains(name)) {
      throw new IllegalArgumentException(
          "a response header's name is 1 to 64 lower case letters, digits and hyphens, and not one"
              + " that the answer has anyway; not '"
              + name
              + "'");
    }
    if (!isValue(value)) {
      throw new IllegalArgumentException(
          "response header '" + name + "' has at most 256 characters, all printable ASCII");
    }
  }

  // Several headers are set for every request, and regular expressions take their time.

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char next = name.charAt(i);
      if ((next < 'a' || next > 'z') && (next < '0' || next > '9') && next != '-') {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= MAX_NAME_CHARACTERS;
  }

  private static boolean isValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
        return false;
      }
    }
    return value.length() <= MAX_VALUE_CHARACTERS;
  }
}
