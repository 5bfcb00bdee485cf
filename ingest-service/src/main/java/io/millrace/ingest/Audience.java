package io.millrace.ingest;

/**
 * Callers who wait for records about requests, whoever they are. Thread-safe.
 *
 * @param <V> what they wait for
 */
interface Audience<V> {

  /** Whether anybody waits for records about a request of this id, whatever the tenant. */
  boolean awaits(String requestId);

  /** Hands a value to everybody who waits for it. Never blocks. */
  void deliver(V value);
}
