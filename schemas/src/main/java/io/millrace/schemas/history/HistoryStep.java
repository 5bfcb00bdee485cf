package io.millrace.schemas.history;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;

/** Something that happened to a request. */
public sealed interface HistoryStep {

  /** When, in UTC milliseconds since 1970. */
  long atMillis();

  /** What a stage, a hook or a worker said of it. */
  record Said(PipelineEvent event) implements HistoryStep {
    @Override
    public long atMillis() {
      return event.getAtMillis();
    }
  }

  /** A call to a provider that is over, whether it went well or not. */
  record Called(ProviderCall call) implements HistoryStep {
    @Override
    public long atMillis() {
      return call.getStartedAtMillis() + call.getLatencyMicros() / 1_000;
    }
  }

  /** Its result: nothing that matters to the request follows. */
  record Settled(CompletionResult result) implements HistoryStep {
    @Override
    public long atMillis() {
      return result.getFinishedAtMillis();
    }
  }
}
