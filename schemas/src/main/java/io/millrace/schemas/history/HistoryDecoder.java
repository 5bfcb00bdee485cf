package io.millrace.schemas.history;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.LeadingText;
import io.millrace.schemas.serde.UndecodableValueException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Finds the records that are about one request of one tenant; only those are decoded. */
final class HistoryDecoder {

  private final HistoryTopics topics;
  private final String tenant;
  private final String requestId;
  private final byte[] key;
  private final LeadingText exchange;
  private final Deserializer<PipelineEvent> events;
  private final Deserializer<ProviderCall> calls;
  private final Deserializer<CompletionResult> results;

  HistoryDecoder(HistoryTopics topics, AvroSerdes serdes, HistoryQuery query) {
    this.topics = topics;
    this.tenant = query.tenant();
    this.requestId = query.requestId();
    this.key = requestId.getBytes(StandardCharsets.UTF_8);
    this.exchange = serdes.leadingText("exchangeId", Set.of(tenant + "/" + requestId));
    this.events = serdes.forType(PipelineEvent.class).deserializer();
    this.calls = serdes.forType(ProviderCall.class).deserializer();
    this.results = serdes.forType(CompletionResult.class).deserializer();
  }

  /** The step that a record is; empty where it is about something else or cannot be read. */
  Optional<HistoryStep> step(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return record.topic().equals(topics.attempts())
          ? call(record)
          : Arrays.equals(record.key(), key) ? keyed(record) : Optional.empty();
    } catch (UndecodableValueException e) {
      return Optional.empty(); // whoever owns the topic counts it
    }
  }

  private Optional<HistoryStep> call(ConsumerRecord<byte[], byte[]> record) {
    if (!exchange.mayBe(record.value())) {
      return Optional.empty();
    }
    ProviderCall call = calls.deserialize(record.topic(), record.value());
    boolean ours = call.getTenant().equals(tenant) && call.getRequestId().equals(requestId);
    return ours && !call.getProbe() ? Optional.of(new HistoryStep.Called(call)) : Optional.empty();
  }

  private Optional<HistoryStep> keyed(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(topics.events())) {
      PipelineEvent event = events.deserialize(record.topic(), record.value());
      boolean ours = tenant.equals(event.getTenant()) && requestId.equals(event.getRequestId());
      return ours ? Optional.of(new HistoryStep.Said(event)) : Optional.empty();
    }
    CompletionResult result = results.deserialize(record.topic(), record.value());
    return tenant.equals(result.getTenant())
        ? Optional.of(new HistoryStep.Settled(result))
        : Optional.empty();
  }
}
