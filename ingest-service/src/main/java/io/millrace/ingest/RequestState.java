package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionResult;

/** How far a request is, as callers see it. */
sealed interface RequestState {

  /**
   * Not over yet.
   *
   * @param status queued or in_progress
   * @param acceptedAtMillis when it was accepted
   */
  record Open(String status, long acceptedAtMillis) implements RequestState {}

  /** Over. */
  record Settled(CompletionResult result) implements RequestState {}

  /** Never heard of. */
  record Unknown() implements RequestState {}
}
