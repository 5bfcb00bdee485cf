package io.millrace.stages.hooks.validate;

import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.stages.hooks.texts.TextMapping;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Characters that show nothing and may do a terminal, a log or a parser harm: the control
 * characters of Unicode (U+0000 to U+001F, U+007F to U+009F) but for tab, line feed and carriage
 * return.
 */
final class ControlCharacters {

  /** Takes them out of contents and of the arguments of tool calls. */
  static final TextMapping STRIPPING =
      new TextMapping(
          ControlCharacters::strippedFrom,
          ControlCharacters::strippedFromJson,
          UnaryOperator.identity(),
          UnaryOperator.identity());

  private ControlCharacters() {}

  static boolean isControl(char c) {
    return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c <= 0x9f);
  }

  /** The place of the first one, or -1. */
  static int firstIn(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isControl(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  /** The place of a control character, in words, or null. */
  static @Nullable String placeIn(Message message) {
    if (message.content() instanceof Content.Text text && firstIn(text.text()) >= 0) {
      return ".content";
    }
    if (message.content() instanceof Content.Parts parts) {
      for (int i = 0; i < parts.parts().size(); i++) {
        if (parts.parts().get(i) instanceof Content.TextPart text && firstIn(text.text()) >= 0) {
          return ".content[" + i + "].text";
        }
      }
    }
    for (int i = 0; i < message.toolCalls().size(); i++) {
      String arguments = message.toolCalls().get(i).arguments();
      if (!strippedFromJson(arguments).equals(arguments)) {
        return ".tool_calls[" + i + "].function.arguments";
      }
    }
    return null;
  }

  /** The text without them; the same instance where there are none. */
  static String strippedFrom(String text) {
    int first = firstIn(text);
    if (first < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length()).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      if (!isControl(text.charAt(i))) {
        result.append(text.charAt(i));
      }
    }
    return result.toString();
  }

  /** JSON without them, escaped or not; the same instance where there are none. */
  static String strippedFromJson(String json) {
    if (json.indexOf('\\') < 0) {
      return strippedFrom(json);
    }
    StringBuilder result = new StringBuilder(json.length());
    int index = 0;
    while (index < json.length()) {
      char c = json.charAt(index);
      int length = c == '\\' ? escapeLength(json, index) : 1;
      boolean control = c == '\\' ? isEscapedControl(json, index, length) : isControl(c);
      if (!control) {
        result.append(json, index, index + length);
      }
      index += length;
    }
    return result.length() == json.length() ? json : result.toString();
  }

  private static int escapeLength(String json, int index) {
    boolean unicode = index + 1 < json.length() && json.charAt(index + 1) == 'u';
    return Math.min(unicode ? 6 : 2, json.length() - index);
  }

  private static boolean isEscapedControl(String json, int index, int length) {
    if (length == 2) {
      char c = json.charAt(index + 1);
      return c == 'b' || c == 'f';
    }
    if (length != 6) {
      return false;
    }
    int code = 0;
    for (int i = index + 2; i < index + 6; i++) {
      int digit = Character.digit(json.charAt(i), 16);
      if (digit < 0) {
        return false;
      }
      code = code * 16 + digit;
    }
    return isControl((char) code);
  }
}
