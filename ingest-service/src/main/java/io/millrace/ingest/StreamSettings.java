package io.millrace.ingest;

import java.time.Duration;

/**
 * How streamed answers reach their callers.
 *
 * @param keepAlive how long a stream is silent before a comment says that it goes on
 * @param maxQueuedChunks the most pieces that wait for one slow reader
 * @param maxQueuedCharacters the most characters of them
 * @param maxTotalCharacters the most characters that wait for all slow readers of this instance
 * @param writeTimeout how long one write to a reader may take
 * @param settleWait how long the end of a stream waits for the result, and a result for the end of
 *     its stream
 * @param startTimeout how long a stream waits until this instance reads the topic of the pieces
 */
record StreamSettings(
    Duration keepAlive,
    int maxQueuedChunks,
    long maxQueuedCharacters,
    long maxTotalCharacters,
    Duration writeTimeout,
    Duration settleWait,
    Duration startTimeout) {

  /** 15 s, 4,096 pieces of 4 Mi characters, 64 Mi for all, 60 s to write, 2 s to settle, 5 s. */
  static StreamSettings defaults() {
    return new StreamSettings(
        Duration.ofSeconds(15),
        4_096,
        4L << 20,
        64L << 20,
        Duration.ofSeconds(60),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5));
  }
}
