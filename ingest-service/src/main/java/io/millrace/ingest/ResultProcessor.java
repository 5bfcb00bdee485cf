package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionResult;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;

/** Keeps each result of the completions topic. */
final class ResultProcessor implements Processor<byte[], byte[], Void, Void> {

  private final PipelineRecordReader<CompletionResult> results;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  private ProcessorContext<Void, Void> context;

  @SuppressWarnings("NullAway.Init")
  private WindowStore<String, byte[]> store;

  ResultProcessor(PipelineRecordReader<CompletionResult> results) {
    this.results = results;
  }

  @Override
  public void init(ProcessorContext<Void, Void> processorContext) {
    context = processorContext;
    store = processorContext.getStateStore(IngestTopology.RESULTS_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> completion) {
    results.read(completion).ifPresent(result -> keep(result, completion.value()));
  }

  /** A time in the future would make the store forget all else; it knows none before 1970. */
  private void keep(CompletionResult result, byte[] bytes) {
    String key = IngestTopology.resultKey(result.getTenant(), result.getRequestId());
    long atMillis = Math.clamp(result.getFinishedAtMillis(), 0, context.currentSystemTimeMs());
    store.put(key, StoredState.finished(bytes), atMillis);
  }
}
