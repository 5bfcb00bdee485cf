package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Stands in for the home stage: answers every exchange with an echo, unless told to hold them. */
final class FakeHome implements AutoCloseable {

  final List<Exchange> seen = new CopyOnWriteArrayList<>();

  /** Whether to answer at once. */
  volatile boolean answering = true;

  /** Whether answers are committed. */
  volatile boolean committing = true;

  private long happened;
  private final TopicCatalogue topics;
  private final SchemaRegistry registry;
  private final AvroSerdes serdes;
  private final KafkaConsumer<String, Exchange> consumer;
  private final KafkaProducer<String, byte[]> producer;
  private final Thread thread = new Thread(this::run, "fake-home");
  private volatile boolean closing;

  FakeHome(KafkaConnection connection, TopicCatalogue topics) {
    this.topics = topics;
    registry = connection.openRegistry();
    serdes = new AvroSerdes(registry);
    Map<String, Object> reading = connection.clientProperties();
    reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer =
        new KafkaConsumer<>(
            reading, new StringDeserializer(), serdes.forType(Exchange.class).deserializer());
    Map<String, Object> writing = connection.clientProperties();
    writing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "fake-home-" + UUID.randomUUID());
    producer = new KafkaProducer<>(writing, new StringSerializer(), new ByteArraySerializer());
    producer.initTransactions();
    consumer.assign(
        consumer.partitionsFor(topics.stageRequests(TopicCatalogue.HOME).name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList());
    thread.start();
  }

  private void run() {
    try (producer) {
      while (!closing) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(
                input -> {
                  seen.add(input.value());
                  if (answering) {
                    answer(input.value());
                  }
                });
      }
    } catch (WakeupException e) {
      closing = true;
    } finally {
      LoneConsumer.close(consumer);
    }
  }

  /** Says that an exchange was accepted. */
  void accept(Exchange exchange) {
    PipelineEvent event =
        PipelineEvent.newBuilder()
            .setType("request-accepted")
            .setAtMillis(exchange.getAcceptedAtMillis())
            .setSource("home")
            .setTenant(exchange.getTenant())
            .setRequestId(exchange.getRequestId())
            .build();
    write(topics.events(), PipelineEvent.class, exchange.getRequestId(), event);
  }

  /** Says that something happened to an exchange. */
  void event(Exchange exchange, String type, Map<String, String> attributes) {
    PipelineEvent event =
        PipelineEvent.newBuilder()
            .setType(type)
            .setAtMillis(next(exchange))
            .setSource("home")
            .setTenant(exchange.getTenant())
            .setRequestId(exchange.getRequestId())
            .setAttempt(1)
            .setAttributes(attributes)
            .build();
    write(topics.events(), PipelineEvent.class, exchange.getRequestId(), event);
  }

  /** Says that a provider was called; the error's code is null for a call that went well. */
  void call(Exchange exchange, int number, @Nullable String errorCode) {
    ProviderCall call =
        ProviderCall.newBuilder()
            .setExchangeId(exchange.getExchangeId())
            .setRequestId(exchange.getRequestId())
            .setTenant(exchange.getTenant())
            .setAttempt(1)
            .setCall(number)
            .setProvider("sim")
            .setModel("echo")
            .setKeyName("operators-key")
            .setLane(exchange.getLane())
            .setWorker("w")
            .setStartedAtMillis(next(exchange))
            .setLatencyMicros(0)
            .setErrorCode(errorCode)
            .build();
    write(topics.attempts(), ProviderCall.class, "sim", call);
  }

  /** One thing after the other. */
  private long next(Exchange exchange) {
    return exchange.getAcceptedAtMillis() + ++happened;
  }

  /** Writes the result of an exchange. */
  void answer(Exchange exchange) {
    CompletionResult result = Requests.echo(exchange);
    result.setFinishedAtMillis(System.currentTimeMillis());
    write(topics.completions(), CompletionResult.class, exchange.getRequestId(), result);
  }

  /** Ends the transaction that was left open, without a trace. */
  void abort() {
    producer.abortTransaction();
  }

  private synchronized <T extends SpecificRecord> void write(
      Topic topic, Class<T> type, String key, T value) {
    producer.beginTransaction();
    var unused =
        producer.send(
            new ProducerRecord<>(
                topic.name(),
                key,
                serdes.forType(type).serializer().serialize(topic.name(), value)));
    producer.flush();
    if (committing) {
      producer.commitTransaction();
    }
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    registry.close();
  }
}
