package io.millrace.ingest;

/** Finds requests by id, wherever they are held. Thread-safe; may block for a bounded time. */
@FunctionalInterface
interface ResultLookup {

  /** What is known about a tenant's request. */
  LookupResult find(String tenant, String requestId);
}
