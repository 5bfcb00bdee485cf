package io.millrace.stages.hooks.quota;

import io.millrace.plugin.hook.KeyedState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/**
 * Throws out state that says nothing any more, a little at a time: whoever adds an entry looks at
 * {@value #STEP} others, in turn. So state stays within what is in use, whatever names come along,
 * without ever reading all of it at once.
 */
public final class StateSweep {

  /** How many entries one call looks at. */
  static final int STEP = 8;

  private final String from;
  private final String end;
  private final String cursorKey;

  /**
   * A sweep of entries whose keys begin with a prefix.
   *
   * @param prefix ends with a slash
   * @param cursorKey where to keep what was looked at last
   */
  public StateSweep(String prefix, String cursorKey) {
    this(prefix, prefix.substring(0, prefix.length() - 1) + '0', cursorKey);
  }

  /**
   * A sweep of the entries between two keys.
   *
   * @param from the first key, inclusive
   * @param end the last key, exclusive
   * @param cursorKey where to keep what was looked at last
   */
  public StateSweep(String from, String end, String cursorKey) {
    this.from = from;
    this.end = end;
    this.cursorKey = cursorKey;
  }

  /** Looks at the next few entries and deletes the useless ones. */
  public void step(KeyedState state, Predicate<KeyedState.Entry> useless) {
    byte[] cursor = state.get(cursorKey);
    String next = cursor == null ? from : new String(cursor, StandardCharsets.UTF_8);
    List<KeyedState.Entry> entries = state.range(next, end, STEP);
    for (KeyedState.Entry entry : entries) {
      if (useless.test(entry)) {
        state.delete(entry.key());
      }
    }
    if (entries.size() < STEP) {
      if (cursor != null) {
        state.delete(cursorKey);
      }
    } else {
      state.put(cursorKey, (entries.getLast().key() + '\0').getBytes(StandardCharsets.UTF_8));
    }
  }
}
