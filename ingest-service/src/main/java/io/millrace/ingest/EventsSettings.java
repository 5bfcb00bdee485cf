package io.millrace.ingest;

import java.time.Duration;

/**
 * How callers follow the events of a request.
 *
 * @param maxReaders the most of them at a time; each has a consumer of its own
 * @param maxReadersOfTenant the most of them of one tenant
 * @param maxRecords the most records of all requests that are looked through for what has passed
 * @param lookBack the longest time that is looked back while a request is open
 * @param margin how much clocks of different machines may differ
 * @param pastTimeout how long reading what has passed may take
 * @param settleWait how long events are still read when the result is there
 * @param poll how long one look at the topics waits
 * @param keepAlive how long nothing happens before a comment says that it goes on
 * @param writeTimeout how long one write to a reader may take
 * @param longest how long somebody follows at most; then they connect again, with a credential that
 *     is looked at anew
 */
record EventsSettings(
    int maxReaders,
    int maxReadersOfTenant,
    long maxRecords,
    Duration lookBack,
    Duration margin,
    Duration pastTimeout,
    Duration settleWait,
    Duration poll,
    Duration keepAlive,
    Duration writeTimeout,
    Duration longest) {

  /**
   * 64 readers, 8 of a tenant, 200,000 records, 1 h back, 10 s apart, 20 s to look back, 300 ms to
   * settle, 500 ms, 15 s, 60 s to write, 10 min.
   */
  static EventsSettings defaults() {
    return new EventsSettings(
        64,
        8,
        200_000,
        Duration.ofHours(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        Duration.ofMillis(300),
        Duration.ofMillis(500),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofMinutes(10));
  }
}
