package io.millrace.ingest;

import io.millrace.schemas.avro.PipelineEvent;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;

/** Keeps that a request was accepted, until its result says more. */
final class ProgressProcessor implements Processor<byte[], byte[], Void, Void> {

  static final String REQUEST_ACCEPTED = "request-accepted";

  private final PipelineRecordReader<PipelineEvent> events;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  private ProcessorContext<Void, Void> context;

  @SuppressWarnings("NullAway.Init")
  private WindowStore<String, byte[]> store;

  ProgressProcessor(PipelineRecordReader<PipelineEvent> events) {
    this.events = events;
  }

  @Override
  public void init(ProcessorContext<Void, Void> processorContext) {
    context = processorContext;
    store = processorContext.getStateStore(IngestTopology.RESULTS_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> input) {
    events
        .read(input)
        .filter(event -> event.getType().equals(REQUEST_ACCEPTED))
        .ifPresent(this::keep);
  }

  private void keep(PipelineEvent event) {
    if (event.getTenant() == null || event.getRequestId() == null) {
      return;
    }
    String key = IngestTopology.progressKey(event.getTenant(), event.getRequestId());
    long atMillis = Math.clamp(event.getAtMillis(), 0, context.currentSystemTimeMs());
    store.put(key, StoredState.inProgress(event.getAtMillis()), atMillis);
  }
}
