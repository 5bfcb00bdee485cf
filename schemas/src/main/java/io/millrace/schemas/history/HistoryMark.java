package io.millrace.schemas.history;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far a history was read: the last offset of each partition it came from. As a text it is what
 * a reader sends back to go on from there, for example {@code a0:88,e3:1523}. Immutable.
 */
public final class HistoryMark {

  /** The most partitions of a text: no request comes from more. */
  private static final int MAX_PARTITIONS = 64;

  /** The longest text that is looked at. */
  private static final int MAX_CHARACTERS = 2_048;

  private static final Pattern ENTRY = Pattern.compile("([a-z][0-9]{1,5}):([0-9]{1,18})");

  /** Nothing was read. */
  public static final HistoryMark NONE = new HistoryMark(Map.of());

  private final Map<String, Long> offsets;

  private HistoryMark(Map<String, Long> offsets) {
    this.offsets = offsets;
  }

  /** The mark of a text; what is none counts as nothing read. */
  public static HistoryMark parse(String text) {
    String[] entries = text.length() > MAX_CHARACTERS ? new String[0] : text.split(",", -1);
    Map<String, Long> offsets = new TreeMap<>();
    for (String entry : entries) {
      Matcher matcher = ENTRY.matcher(entry);
      if (!matcher.matches() || offsets.size() == MAX_PARTITIONS) {
        return NONE;
      }
      offsets.put(matcher.group(1), Long.parseLong(matcher.group(2)));
    }
    return offsets.isEmpty() ? NONE : new HistoryMark(offsets);
  }

  /** This mark, further on in one partition; a mark never goes back. */
  HistoryMark with(String partition, long offset) {
    Map<String, Long> more = new TreeMap<>(offsets);
    more.merge(partition, offset, Math::max);
    return new HistoryMark(more);
  }

  /** The last offset read of a partition. */
  OptionalLong offsetOf(String partition) {
    Long offset = offsets.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** The text, which {@link #parse} reads; empty for {@link #NONE}. */
  @Override
  public String toString() {
    return offsets.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(","));
  }
}
