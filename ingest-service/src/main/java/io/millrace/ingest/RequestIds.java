package io.millrace.ingest;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Ids for requests whose sender chose none. */
final class RequestIds {

  private static final int MAX_TOPIC_CHARS = 200;
  private static final int RADIX = 36;

  private RequestIds() {}

  /**
   * The id of a record on the requests topic: the same however often it is processed. The timestamp
   * keeps it apart from a record at the same place of a topic that was deleted and made anew.
   */
  static String ofRecord(String topic, int partition, long offset, long timestampMillis) {
    String tail =
        topic.length() > MAX_TOPIC_CHARS
            ? topic.substring(topic.length() - MAX_TOPIC_CHARS)
            : topic;
    return tail
        + "-"
        + partition
        + "-"
        + offset
        + "-"
        + Long.toString(Math.max(0, timestampMillis), RADIX);
  }

  /** Ids in order of time that cannot be guessed: UUID version 7 (RFC 9562, section 5.7). */
  static Supplier<String> inOrderOfTime() {
    return inOrderOfTime(InstantSource.system(), new SecureRandom());
  }

  static Supplier<String> inOrderOfTime(InstantSource clock, RandomGenerator random) {
    return () -> {
      long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0xFFFL);
      long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low).toString();
    };
  }
}
