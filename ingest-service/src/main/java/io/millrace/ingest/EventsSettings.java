package io.millrace.ingest;

import java.time.Duration;

/**
 * How callers follow the events of a request.
 *
 * @param maxReaders the most of them at a time; each has a consumer of its own
 * @param maxRecords the most records of all requests that are looked through for what has passed
 * @param lookBack the longest time that is looked back while a request is open
 * @param margin how much clocks of different machines may differ
 * @param settleWait how long events are still read when the result is there
 * @param poll how long one look at the topics waits
 * @param keepAlive how long nothing happens before a comment says that it goes on
 * @param writeTimeout how long one write to a reader may take
 * @param longest how long somebody follows at most; then they connect again
 */
record EventsSettings(
    int maxReaders,
    long maxRecords,
    Duration lookBack,
    Duration margin,
    Duration settleWait,
    Duration poll,
    Duration keepAlive,
    Duration writeTimeout,
    Duration longest) {

  /**
   * 64 readers, 200,000 records, 1 h back, 10 s apart, 300 ms to settle, 500 ms, 15 s, 60 s to
   * write, 1 h.
   */
  static EventsSettings defaults() {
    return new EventsSettings(
        64,
        200_000,
        Duration.ofHours(1),
        Duration.ofSeconds(10),
        Duration.ofMillis(300),
        Duration.ofMillis(500),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofHours(1));
  }
}
