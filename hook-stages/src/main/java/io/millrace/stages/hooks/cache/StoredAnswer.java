package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheEntry;
import io.millrace.plugin.model.Completion;
import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it lies in the state: a few figures, then the answer itself, which is read only when
 * it is needed.
 *
 * <p>Uses are counted in the manner of R. Morris (Counting Large Numbers of Events in Small
 * Registers, CACM 1978): a register of {@code level} stands for 2^(level+1) − 1 uses and moves on
 * with probability 2^−(level+1). That is right on average, and an answer that is used f times is
 * written about log2 f times and not f times.
 *
 * @param storedAtMillis when it came
 * @param lastUsedMillis when a use was last written down
 * @param level the register of uses, 0 to {@link #MAX_LEVEL}
 * @param ownLifeMillis how long it may live because its request said so; 0 where it did not
 * @param costNanos what getting it again would cost
 * @param predicted whether it was fetched ahead and nobody has used it yet
 * @param answer the completion's bytes
 */
record StoredAnswer(
    long storedAtMillis,
    long lastUsedMillis,
    int level,
    long ownLifeMillis,
    long costNanos,
    boolean predicted,
    byte[] answer) {

  /** Over four billion uses. */
  static final int MAX_LEVEL = 32;

  private static final int VERSION = 1;

  byte[] toBytes() {
    return new StateWriter()
        .number(VERSION)
        .number(storedAtMillis)
        .number(lastUsedMillis)
        .number(level)
        .number(ownLifeMillis)
        .number(costNanos)
        .number(predicted ? 1 : 0)
        .raw(answer)
        .toBytes();
  }

  /** Null for bytes that are of another version or damaged. */
  static @Nullable StoredAnswer of(byte[] bytes) {
    StateReader in = new StateReader(bytes);
    try {
      if (in.number() != VERSION) {
        return null;
      }
      StoredAnswer stored =
          new StoredAnswer(
              in.number(),
              in.number(),
              in.int32(),
              in.number(),
              in.number(),
              in.number() == 1,
              in.raw());
      return stored.sound() ? stored : null;
    } catch (StateReader.UnreadableException e) {
      return null;
    }
  }

  private boolean sound() {
    return level >= 0 && level <= MAX_LEVEL && ownLifeMillis >= 0 && costNanos >= 0;
  }

  /** The answer; null when its bytes are damaged. */
  @Nullable Completion completion() {
    try {
      return ModelCodec.completion(answer);
    } catch (StateReader.UnreadableException | IllegalArgumentException e) {
      return null;
    }
  }

  long uses() {
    return (1L << (level + 1)) - 1;
  }

  /** What a strategy is told. */
  CacheEntry facts(long bytes) {
    return new CacheEntry(
        Instant.ofEpochMilli(storedAtMillis),
        Instant.ofEpochMilli(lastUsedMillis),
        uses(),
        bytes,
        costNanos,
        predicted);
  }

  /**
   * This answer after a use, or null where the use need not be written down.
   *
   * @param draw a number that is as good as random, the same whenever this use is processed again
   * @param precision how exactly the time of use is kept
   * @param halfLife after so long without use, uses count half
   */
  @Nullable StoredAnswer used(long nowMillis, long draw, Duration precision, Duration halfLife) {
    boolean up = level < MAX_LEVEL && draw >>> (Long.SIZE - 1 - level) == 0;
    long idleMillis = nowMillis - lastUsedMillis;
    if (!up && !predicted && idleMillis < precision.toMillis()) {
      return null;
    }
    return new StoredAnswer(
        storedAtMillis,
        Math.max(nowMillis, lastUsedMillis),
        aged(nowMillis, halfLife) + (up ? 1 : 0),
        ownLifeMillis,
        costNanos,
        false,
        answer);
  }

  /** The register as it stands after some time without use. */
  int aged(long nowMillis, Duration halfLife) {
    long halvings = Math.max(0, nowMillis - lastUsedMillis) / Math.max(1, halfLife.toMillis());
    return (int) Math.max(0, level - halvings);
  }
}
