package io.millrace.ingest;

import io.millrace.ingest.AdmissionResult.Accepted;
import io.millrace.ingest.AdmissionResult.Refused;
import io.millrace.ingest.IngestMeters.Source;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.streams.CommitBeat;
import io.millrace.schemas.streams.CommitPace;
import io.millrace.schemas.topic.DeadLetterHeaders.Origin;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Sends each record of the requests topic to the home stage or to the dead letters. */
final class AdmissionProcessor
    implements Processor<byte[], byte[], byte @Nullable [], byte @Nullable []> {

  private final RecordAdmission admission;
  private final Function<Exchange, String> keyOf;
  private final Function<Exchange, byte[]> encoder;
  private final Patience patience;
  private final IngestMeters meters;
  private final CommitPace commits;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  private ProcessorContext<byte @Nullable [], byte @Nullable []> context;

  @SuppressWarnings("NullAway.Init")
  private CommitBeat beat;

  AdmissionProcessor(
      RecordAdmission admission,
      Function<Exchange, String> keyOf,
      Function<Exchange, byte[]> encoder,
      Patience patience,
      IngestMeters meters,
      CommitPace commits) {
    this.admission = admission;
    this.keyOf = keyOf;
    this.encoder = encoder;
    this.patience = patience;
    this.meters = meters;
    this.commits = commits;
  }

  @Override
  public void init(ProcessorContext<byte @Nullable [], byte @Nullable []> processorContext) {
    context = processorContext;
    beat = commits.ofThisThread();
    commits.watch(processorContext);
  }

  @Override
  public void process(Record<byte[], byte[]> request) {
    beat.came();
    Origin origin = origin(request.timestamp());
    long nowMillis = context.currentSystemTimeMs();
    AdmissionResult result =
        patience.with(() -> admission.admit(request.headers(), request.value(), origin, nowMillis));
    switch (result) {
      case Accepted(Exchange exchange) -> accept(exchange, nowMillis);
      case Refused(PipelineError error) -> refuse(request, origin, error);
    }
  }

  private void accept(Exchange exchange, long nowMillis) {
    byte[] key = keyOf.apply(exchange).getBytes(StandardCharsets.UTF_8);
    byte[] value = patience.with(() -> encoder.apply(exchange));
    context.forward(new Record<>(key, value, nowMillis), IngestTopology.HOME_REQUESTS);
    meters.accepted(Source.TOPIC);
  }

  private void refuse(Record<byte[], byte[]> request, Origin origin, PipelineError error) {
    context.forward(
        DeadLetter.of(request, origin, error, context.currentSystemTimeMs()),
        IngestTopology.DEAD_LETTERS);
    meters.refused(Source.TOPIC, error.code());
  }

  private Origin origin(long timestampMillis) {
    RecordMetadata metadata =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a record without a place"));
    return new Origin(metadata.topic(), metadata.partition(), metadata.offset(), timestampMillis);
  }
}
