package io.millrace.stages.hooks.redact;

import io.millrace.plugin.hook.HookContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What placeholders stand for, kept in the notes of an attempt: cut over as many as it takes. */
final class StoredValues {

  /** A note's own bound. */
  static final int MAX_NOTE_CHARACTERS = 4_096;

  /** The most that is kept, in characters, names and lengths included. */
  static final int MAX_CHARACTERS = 15 * MAX_NOTE_CHARACTERS;

  private static final String NOTE = "values-";

  private StoredValues() {}

  /** Keeps the values; says whether there was room. */
  static boolean write(Map<String, String> values, HookContext context) {
    StringBuilder all = new StringBuilder();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String value = entry.getValue();
      all.append(entry.getKey()).append(':').append(value.length()).append(':').append(value);
      if (all.length() > MAX_CHARACTERS) {
        return false;
      }
    }
    int start = 0;
    for (int note = 0; start < all.length(); note++) {
      int end = cut(all, Math.min(all.length(), start + MAX_NOTE_CHARACTERS));
      context.setAttribute(NOTE + note, all.substring(start, end));
      start = end;
    }
    return true;
  }

  /** What was kept; empty where nothing was. */
  static Map<String, String> read(HookContext context) {
    StringBuilder all = new StringBuilder();
    Optional<String> part = context.attribute(NOTE + 0);
    for (int note = 1; part.isPresent(); note++) {
      all.append(part.get());
      part = context.attribute(NOTE + note);
    }
    Map<String, String> values = new HashMap<>();
    int index = 0;
    while (index < all.length()) {
      int name = all.indexOf(":", index);
      int length = all.indexOf(":", name + 1);
      int end = length + 1 + Integer.parseInt(all, name + 1, length, 10);
      values.put(all.substring(index, name), all.substring(length + 1, end));
      index = end;
    }
    return values;
  }

  /** Half a character outside the basic plane would not survive the way over a topic. */
  private static int cut(CharSequence text, int end) {
    return end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }
}
