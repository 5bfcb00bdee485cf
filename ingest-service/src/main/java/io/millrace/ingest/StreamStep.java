package io.millrace.ingest;

import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionResult;
import java.util.List;

/** What a reader of a stream gets next. */
sealed interface StreamStep {

  /** Nothing yet. */
  StreamStep WAIT = new Wait();

  /** Nothing more: the answer is whole. */
  StreamStep DONE = new Finish(List.of());

  /** Nothing yet. */
  record Wait() implements StreamStep {}

  /** A piece. */
  record Send(String json) implements StreamStep {}

  /** These pieces, and then nothing more: the answer is whole. */
  record Finish(List<String> pieces) implements StreamStep {
    /** Copies the list. */
    public Finish {
      pieces = List.copyOf(pieces);
    }
  }

  /** The whole answer, or its error: nothing was sent before. */
  record Replay(CompletionResult result) implements StreamStep {}

  /** An error, and then nothing more: something was sent before. */
  record Break(PipelineError error) implements StreamStep {}
}
