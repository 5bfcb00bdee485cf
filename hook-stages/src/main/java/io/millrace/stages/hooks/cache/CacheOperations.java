package io.millrace.stages.hooks.cache;

import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.Operation;
import java.util.Locale;
import java.util.regex.Pattern;

/** What an operator may ask of a cache, about one scope key. */
final class CacheOperations {

  /** So many answers leave with one order, so that its transaction stays short. */
  static final int MAX_CLEARED = 10_000;

  /** The same, by what they take. */
  static final long MAX_CLEARED_BYTES = 64L << 20;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final CacheConfig config;
  private final Answers answers;
  private final KeyedState state;

  CacheOperations(CacheConfig config, Answers answers, KeyedState state) {
    this.config = config;
    this.answers = answers;
    this.state = state;
  }

  String answer(Operation operation) {
    String answer =
        switch (operation.name()) {
          case "show" -> show();
          case "clear" -> clear();
          case "reset" -> reset();
          case "drop" -> drop(operation.arguments().getOrDefault("key", ""));
          default ->
              throw new IllegalArgumentException(
                  "the cache knows the operations show, clear, reset and drop, not '"
                      + operation.name()
                      + "'");
        };
    answers.save();
    return answer;
  }

  private String show() {
    Summary summary = answers.summary();
    StringBuilder json = new StringBuilder("{");
    field(json, "entries", summary.entries());
    field(json, "max_entries", config.maxEntries());
    field(json, "bytes", summary.bytes());
    field(json, "max_bytes", config.maxBytes());
    field(json, "known_requests", summary.known());
    for (Count count : Count.values()) {
      field(json, count.wireName(), summary.count(count));
    }
    long hits = summary.count(Count.HITS);
    long coalesced = summary.count(Count.COALESCED);
    field(json, "saved_calls", hits + coalesced);
    rate(json, "hit_rate", hits, hits + summary.count(Count.MISSES));
    rate(json, "eviction_rate", summary.count(Count.EVICTED), summary.count(Count.SETS));
    return json.append('}').toString();
  }

  private String clear() {
    int removed = answers.clear(MAX_CLEARED, MAX_CLEARED_BYTES);
    int forgotten = Foresight.clear(state, answers, MAX_CLEARED);
    StringBuilder json = new StringBuilder("{");
    field(json, "removed", removed);
    field(json, "forgotten", forgotten);
    field(json, "left", answers.summary().entries());
    return json.append('}').toString();
  }

  private String reset() {
    answers.summary().resetCounts();
    return "{\"reset\":true}";
  }

  private String drop(String hash) {
    if (!HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException(
          "drop takes the argument key, 64 lower case hexadecimal digits, not '" + hash + "'");
    }
    return "{\"removed\":" + (answers.drop(hash) ? 1 : 0) + "}";
  }

  private static void field(StringBuilder json, String name, long value) {
    name(json, name).append(value);
  }

  private static void rate(StringBuilder json, String name, long part, long whole) {
    name(json, name)
        .append(String.format(Locale.ROOT, "%.4f", whole == 0 ? 0.0 : (double) part / whole));
  }

  private static StringBuilder name(StringBuilder json, String name) {
    if (json.length() > 1) {
      json.append(',');
    }
    return json.append('"').append(name).append("\":");
  }
}
