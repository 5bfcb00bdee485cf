package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.model.TrustedRecords;
import org.jspecify.annotations.Nullable;

/** Pieces of streams for tests. */
final class Chunks {

  static {
    TrustedRecords.trust();
  }

  private Chunks() {}

  /** A piece of text as the chat completions interface has it. */
  static String json(String text) {
    return "{\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"},\"finish_reason\":null}]}";
  }

  static CompletionChunk text(String stream, long sequence, String text) {
    return piece(stream, 1, sequence, json(text), null);
  }

  static CompletionChunk end(String stream, long sequence) {
    return piece(stream, 1, sequence, null, null);
  }

  static CompletionChunk broken(String stream, long sequence) {
    PipelineError error =
        PipelineError.newBuilder()
            .setCode("upstream_error")
            .setCategory("UPSTREAM")
            .setMessage("it broke off")
            .setHttpStatus(502)
            .build();
    return piece(stream, 1, sequence, null, error);
  }

  static CompletionChunk piece(
      String stream,
      int attempt,
      long sequence,
      @Nullable String json,
      @Nullable PipelineError error) {
    return CompletionChunk.newBuilder()
        .setRequestId("r")
        .setExchangeId("default/r")
        .setTenant("default")
        .setAttempt(attempt)
        .setStream(stream)
        .setSequence(sequence)
        .setJson(json)
        .setLast(json == null)
        .setError(error)
        .setAtMillis(System.currentTimeMillis())
        .build();
  }

  /** The same for the request of an exchange. */
  static CompletionChunk of(Exchange exchange, CompletionChunk chunk) {
    chunk.setRequestId(exchange.getRequestId());
    chunk.setExchangeId(exchange.getExchangeId());
    chunk.setTenant(exchange.getTenant());
    return chunk;
  }
}
