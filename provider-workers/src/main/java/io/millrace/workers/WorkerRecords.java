package io.millrace.workers;

import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.Usage;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.DeadLetterHeaders;
import io.millrace.schemas.topic.DeadLetterParts;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Builds the records that a provider's worker writes. Thread-safe. */
final class WorkerRecords {

  /** What dead letters of the workers say they were refused by. */
  static final String COMPONENT = "provider-workers";

  /** Begins the ids of looks after providers; no tenant and no request id has a tilde. */
  static final String PROBE_PREFIX = "~probe~";

  /** The model of a look after a whole provider. */
  static final String WHOLE_PROVIDER = "*";

  private final String provider;
  private final byte[] providerKey;
  private final String worker;
  private final String attemptsTopic;
  private final String deadLettersTopic;
  private final Serializer<Exchange> exchanges;
  private final Serializer<ProviderCall> calls;
  private final String chunksTopic;
  private final Serializer<CompletionChunk> chunks;

  WorkerRecords(String provider, String worker, TopicCatalogue topics, AvroSerdes serdes) {
    this.provider = provider;
    this.providerKey = bytes(provider);
    this.worker = worker;
    this.attemptsTopic = topics.attempts().name();
    this.deadLettersTopic = topics.deadLetters().name();
    this.exchanges = serdes.forType(Exchange.class).serializer();
    this.calls = serdes.forType(ProviderCall.class).serializer();
    this.chunksTopic = topics.completionChunks().name();
    this.chunks = serdes.forType(CompletionChunk.class).serializer();
  }

  /** Whose worker this is. */
  String provider() {
    return provider;
  }

  /**
   * The exchange on its way back to the stage group that sent it.
   *
   * @throws RecordTooLargeException when it has more than {@link Topic#MAX_EXCHANGE_BYTES}: a stage
   *     would not take it in, though the broker would
   */
  ProducerRecord<byte[], byte[]> reply(Exchange exchange) {
    Frame frame = exchange.getFrames().getLast();
    String topic = frame.getReplyTopic();
    byte[] value = exchanges.serialize(topic, exchange);
    if (value.length > Topic.MAX_EXCHANGE_BYTES) {
      throw new RecordTooLargeException(
          "with it the exchange has %d bytes, more than the %d that an exchange may have"
              .formatted(value.length, Topic.MAX_EXCHANGE_BYTES));
    }
    return new ProducerRecord<>(topic, bytes(frame.getScopeKey()), value);
  }

  /** What is kept of one call. */
  ProducerRecord<byte[], byte[]> call(Exchange exchange, String model, CallTrace trace) {
    ProviderCall call =
        ProviderCall.newBuilder()
            .setExchangeId(exchange.getExchangeId())
            .setRequestId(exchange.getRequestId())
            .setTenant(exchange.getTenant())
            .setAttempt(exchange.getAttempt())
            .setCall(trace.number())
            .setProvider(provider)
            .setModel(model)
            .setKeyName(trace.keyName())
            .setLane(exchange.getLane())
            .setWorker(worker)
            .setStartedAtMillis(trace.startedAt().toEpochMilli())
            .setLatencyMicros(trace.latencyMicros())
            .setHttpStatus(trace.httpStatus())
            .setErrorCode(trace.errorCode())
            .setUsage(usage(trace.usage()))
            .setCostNanos(trace.costNanos())
            .build();
    return new ProducerRecord<>(attemptsTopic, providerKey, calls.serialize(attemptsTopic, call));
  }

  /** What a look after the provider came to: a call that no exchange made, and that is no usage. */
  ProducerRecord<byte[], byte[]> probe(CallTrace trace) {
    String id = PROBE_PREFIX + provider;
    ProviderCall call =
        ProviderCall.newBuilder()
            .setExchangeId(id)
            .setRequestId(id)
            .setTenant(PROBE_PREFIX)
            .setAttempt(1)
            .setCall(trace.number())
            .setProvider(provider)
            .setModel(WHOLE_PROVIDER)
            .setKeyName(null)
            .setLane(Lane.BATCH)
            .setWorker(worker)
            .setStartedAtMillis(trace.startedAt().toEpochMilli())
            .setLatencyMicros(trace.latencyMicros())
            .setHttpStatus(null)
            .setErrorCode(trace.errorCode())
            .setUsage(null)
            .setCostNanos(0)
            .setProbe(true)
            .build();
    return new ProducerRecord<>(attemptsTopic, providerKey, calls.serialize(attemptsTopic, call));
  }

  /** A piece of an exchange's stream, or its end; its own fields and no others are the caller's. */
  ProducerRecord<byte[], byte[]> chunk(Exchange exchange, CompletionChunk chunk) {
    chunk.setRequestId(exchange.getRequestId());
    chunk.setExchangeId(exchange.getExchangeId());
    chunk.setTenant(exchange.getTenant());
    chunk.setAttempt(exchange.getAttempt());
    return new ProducerRecord<>(
        chunksTopic, bytes(exchange.getRequestId()), chunks.serialize(chunksTopic, chunk));
  }

  /** A record that cannot be used, as far as it fits into a record, with the reason. */
  ProducerRecord<byte[], byte[]> deadLetter(
      ConsumerRecord<byte[], byte[]> record, UnusableRecordException reason) {
    DeadLetterHeaders.Origin origin =
        new DeadLetterHeaders.Origin(
            record.topic(), record.partition(), record.offset(), record.timestamp());
    DeadLetterParts parts = new DeadLetterParts(String.valueOf(reason.getMessage()));
    byte[] key = parts.key(record.key());
    byte[] value = parts.value(record.value());
    return new ProducerRecord<>(
        deadLettersTopic,
        null,
        key,
        value,
        parts.headers(record.headers(), origin, reason.code().wireName(), COMPONENT));
  }

  private static @Nullable Usage usage(io.millrace.plugin.model.@Nullable Usage usage) {
    return usage == null
        ? null
        : new Usage(
            usage.promptTokens(),
            usage.completionTokens(),
            usage.cachedPromptTokens(),
            usage.reasoningTokens());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
