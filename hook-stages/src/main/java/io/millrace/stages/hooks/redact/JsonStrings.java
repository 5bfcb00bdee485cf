package io.millrace.stages.hooks.redact;

import io.millrace.stages.hooks.texts.TextMapping;
import java.util.function.UnaryOperator;

/**
 * Rewrites what the strings of a JSON text say, and leaves everything else as it was written.
 * Lenient: what is no JSON comes out as it went in, but for what is rewritten.
 */
final class JsonStrings {

  private JsonStrings() {}

  /**
   * Rewrites every string, also those in JSON: in arguments, and in what has no place of its own.
   *
   * @param text what becomes of each string
   * @param rest what becomes of JSON outside of strings
   */
  static TextMapping everywhere(UnaryOperator<String> text, UnaryOperator<String> rest) {
    UnaryOperator<String> json = value -> rewrite(value, text, rest);
    return new TextMapping(
        text,
        arguments -> looksLikeJson(arguments) ? json.apply(arguments) : text.apply(arguments),
        json,
        field -> looksLikeJson(field) ? json.apply(field) : field);
  }

  /** Whether a text is meant to be JSON: an object, a list or a string. */
  private static boolean looksLikeJson(String text) {
    String trimmed = text.stripLeading();
    return !trimmed.isEmpty() && "{[\"".indexOf(trimmed.charAt(0)) >= 0;
  }

  /**
   * Rewrites.
   *
   * @param string what becomes of each string, escapes resolved
   * @param rest what becomes of what is between them
   */
  static String rewrite(String json, UnaryOperator<String> string, UnaryOperator<String> rest) {
    StringBuilder result = new StringBuilder(json.length());
    int index = 0;
    while (index < json.length()) {
      int quote = json.indexOf('"', index);
      int end = quote < 0 ? -1 : endOfString(json, quote + 1);
      if (end < 0) {
        return result.append(rest.apply(json.substring(index))).toString();
      }
      result.append(rest.apply(json.substring(index, quote)));
      String raw = json.substring(quote + 1, end);
      String value = unescaped(raw);
      String changed = string.apply(value);
      result.append('"').append(changed.equals(value) ? raw : escaped(changed)).append('"');
      index = end + 1;
    }
    return result.toString();
  }

  private static int endOfString(String json, int from) {
    for (int i = from; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c == '\\') {
        i++;
      }
    }
    return -1;
  }

  private static String unescaped(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder value = new StringBuilder(raw.length());
    int index = 0;
    while (index < raw.length()) {
      char c = raw.charAt(index);
      if (c != '\\' || index + 1 == raw.length()) {
        value.append(c);
        index++;
      } else {
        index += unescape(raw, index, value);
      }
    }
    return value.toString();
  }

  /** Resolves the escape at {@code index}; returns how long it is. */
  private static int unescape(String raw, int index, StringBuilder value) {
    char c = raw.charAt(index + 1);
    if (c == 'u' && index + 6 <= raw.length()) {
      int code = hex(raw, index + 2);
      if (code >= 0) {
        value.append((char) code);
        return 6;
      }
    }
    int known = "bfnrt".indexOf(c);
    value.append(known < 0 ? c : "\b\f\n\r\t".charAt(known));
    return 2;
  }

  private static int hex(String raw, int from) {
    int code = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(raw.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      code = code * 16 + digit;
    }
    return code;
  }

  private static String escaped(String value) {
    StringBuilder raw = new StringBuilder(value.length() + 8);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      int known = "\b\f\n\r\t".indexOf(c);
      if (known >= 0) {
        raw.append('\\').append("bfnrt".charAt(known));
      } else if (c == '"' || c == '\\') {
        raw.append('\\').append(c);
      } else if (c < ' ') {
        raw.append("\\u00")
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      } else {
        raw.append(c);
      }
    }
    return raw.toString();
  }
}
