package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionResult;

/** What is known about a request by its id. */
sealed interface LookupResult {

  /** It is settled. */
  record Finished(CompletionResult result) implements LookupResult {}

  /** The home stage has it. */
  record InProgress(long acceptedAtMillis) implements LookupResult {}

  /** Nobody has heard of it. */
  record Unknown() implements LookupResult {}

  /** Whoever would know cannot be asked at the moment. */
  record Unavailable(String reason) implements LookupResult {}
}
