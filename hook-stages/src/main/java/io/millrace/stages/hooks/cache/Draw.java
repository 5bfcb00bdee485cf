package io.millrace.stages.hooks.cache;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.KeyedState.Entry;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/** What is left to chance: as good as random, and the same when a request is processed again. */
final class Draw {

  /** How many entries are drawn at once. */
  static final int SAMPLE = 8;

  private static final HexFormat HEX = HexFormat.of();

  private Draw() {}

  /** A source for all that one request draws. */
  static SplittableRandom random(String hash, long nowMillis) {
    return new SplittableRandom(hash.hashCode() * 31L + nowMillis);
  }

  /**
   * Entries that lie together from a place drawn by lot, going round at the end.
   *
   * @param prefix of their keys, which go on with hexadecimal digits
   * @param end the first key that is not theirs
   */
  static List<Entry> entries(KeyedState state, String prefix, String end, SplittableRandom random) {
    List<Entry> found = state.range(prefix + HEX.toHexDigits(random.nextLong()), end, SAMPLE);
    return found.size() < SAMPLE ? state.range(prefix, end, SAMPLE) : found;
  }

  /** One number for a request at an answer. */
  static long number(String hash, HookContext context) {
    long seed =
        hash.hashCode() * 0x9E3779B97F4A7C15L
            + context.requestId().hashCode() * 0xC2B2AE3D27D4EB4FL
            + context.attempt();
    return new SplittableRandom(seed).nextLong();
  }
}
