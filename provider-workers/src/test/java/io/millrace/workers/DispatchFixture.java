package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.broker.TestBroker;
import io.millrace.embedded.registry.TestRegistry;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.health.ProviderOrder;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The pipeline around the workers of one test: dispatches go in, replies and calls come out. */
final class DispatchFixture implements AutoCloseable {

  /** The provider whose topics there are. */
  static final String PROVIDER = "p";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TopicCatalogue topics;
  private final TestRegistry registry = new TestRegistry();
  private final KafkaConnection connection;
  private final SchemaRegistry client;
  private final AvroSerdes serdes;
  private final KafkaProducer<byte[], byte[]> producer;

  private DispatchFixture(String bootstrapServers, TopicCatalogue topics) {
    this.topics = topics;
    this.connection = KafkaConnection.of(bootstrapServers, registry.url());
    this.client = connection.openRegistry();
    this.serdes = new AvroSerdes(client);
    Map<String, Object> inOrder = connection.clientProperties();
    // A partition that is brand new may refuse the first batch and take the second, for ever.
    inOrder.put("max.in.flight.requests.per.connection", 1);
    this.producer =
        new KafkaProducer<>(inOrder, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Topics of their own, with so many partitions. */
  static DispatchFixture on(TestBroker broker, int partitions) throws InterruptedException {
    return on(broker.bootstrapServers(), broker.freshTopics(partitions));
  }

  /** Topics with a prefix, on a broker of the test's own. */
  static DispatchFixture on(String bootstrapServers, String prefix, int partitions)
      throws InterruptedException {
    return on(bootstrapServers, new TopicCatalogue(prefix, partitions));
  }

  private static DispatchFixture on(String bootstrapServers, TopicCatalogue topics)
      throws InterruptedException {
    DispatchFixture fixture = new DispatchFixture(bootstrapServers, topics);
    try (Admin admin = fixture.openAdmin()) {
      TopicCreator.createMissing(
          admin, fixture.topics.all(List.of(TopicCatalogue.HOME), List.of(PROVIDER)), (short) 1);
      hurry(admin, WorkerClients.group(PROVIDER, topics));
    }
    return fixture;
  }

  /** Members learn what is theirs, and are missed when they are killed, sooner than by default. */
  private static void hurry(Admin admin, String group) throws InterruptedException {
    await(
        admin
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.GROUP, group),
                    List.of(
                        setting("consumer.heartbeat.interval.ms", 200),
                        setting("consumer.session.timeout.ms", 3_000))))
            .all());
  }

  private static AlterConfigOp setting(String name, int millis) {
    return new AlterConfigOp(
        new ConfigEntry(name, Integer.toString(millis)), AlterConfigOp.OpType.SET);
  }

  KafkaConnection connection() {
    return connection;
  }

  TopicCatalogue topics() {
    return topics;
  }

  /** Takes the registry away. */
  void stopRegistry() {
    registry.stop();
  }

  /** Brings it back where it was. */
  void startRegistry() {
    registry.startAgain();
  }

  /** An exchange as the home stage dispatches it. */
  Exchange exchange(String requestId) {
    return DispatchedExchange.of(
        topics, requestId, "question " + requestId, System.currentTimeMillis());
  }

  /** Says how a model is. */
  void publish(ProviderHealth health) throws InterruptedException {
    String topic = topics.providerHealth().name();
    String key = ProviderHealthTable.key(health.getProvider(), health.getModel());
    await(
        producer.send(
            new ProducerRecord<>(
                topic,
                key.getBytes(StandardCharsets.UTF_8),
                serdes.forType(ProviderHealth.class).serializer().serialize(topic, health))));
  }

  /** Dispatches an exchange; the broker has it when the future is done. */
  Future<?> dispatch(Exchange exchange) {
    String topic = topics.dispatch(PROVIDER, exchange.getLane()).name();
    return producer.send(
        new ProducerRecord<>(
            topic,
            exchange.getExchangeId().getBytes(StandardCharsets.UTF_8),
            serdes.forType(Exchange.class).serializer().serialize(topic, exchange)));
  }

  /** Dispatches exchanges {@code name-0}, {@code name-1} and so on. */
  List<String> dispatchAll(String name, int count) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(name + "-" + i);
      sent.add(dispatch(exchange(name + "-" + i)));
    }
    for (Future<?> future : sent) {
      await(future);
    }
    return ids;
  }

  /** Blocks a provider or a model of it. */
  void block(ProviderOrder order) throws InterruptedException {
    String topic = topics.control().name();
    await(
        producer.send(
            new ProducerRecord<>(
                topic,
                order.subject().getBytes(StandardCharsets.UTF_8),
                serdes
                    .forType(Control.class)
                    .serializer()
                    .serialize(topic, order.blocked(true, Instant.now(), "test")))));
  }

  /** Puts bytes on a dispatch topic. */
  void dispatchRaw(String key, byte @Nullable [] value) throws InterruptedException {
    await(
        producer.send(
            new ProducerRecord<>(
                topics.dispatch(PROVIDER, Lane.STANDARD).name(),
                key.getBytes(StandardCharsets.UTF_8),
                value)));
  }

  /** Reads replies from the beginning until the condition holds for all that were read. */
  List<Exchange> repliesUntil(Predicate<List<Exchange>> enough) {
    String topic = topics.stageReplies(TopicCatalogue.HOME).name();
    return readUntil(topic, Exchange.class, enough);
  }

  /** Reads call records from the beginning until the condition holds for all that were read. */
  List<ProviderCall> callsUntil(Predicate<List<ProviderCall>> enough) {
    return readUntil(topics.attempts().name(), ProviderCall.class, enough);
  }

  /**
   * Reads pieces of streams from the beginning until the condition holds for all that were read.
   */
  List<CompletionChunk> chunksUntil(Predicate<List<CompletionChunk>> enough) {
    return readUntil(topics.completionChunks().name(), CompletionChunk.class, enough);
  }

  /** An exchange whose caller wants its answer in pieces. */
  Exchange streamed(String requestId) {
    Exchange exchange = exchange(requestId);
    exchange.getRequest().setStream(true);
    return exchange;
  }

  /** Reads dead letters from the beginning until there are so many. */
  List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
    List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    poll(topics.deadLetters().name(), read::add, () -> read.size() >= count, read::size);
    return read;
  }

  /** What the provider's group has committed, by topic and partition. */
  Map<TopicPartition, OffsetAndMetadata> committed() throws InterruptedException {
    try (Admin admin = openAdmin()) {
      return await(
          admin
              .listConsumerGroupOffsets(WorkerClients.group(PROVIDER, topics))
              .partitionsToOffsetAndMetadata());
    }
  }

  /** How many records of the dispatch topics are below the committed low-water marks. */
  long committedRecords() throws InterruptedException {
    return committed().values().stream()
        .filter(offset -> offset != null)
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    client.close();
    registry.close();
  }

  private Admin openAdmin() {
    return Admin.create(connection.clientProperties());
  }

  private <T extends SpecificRecord> List<T> readUntil(
      String topic, Class<T> type, Predicate<List<T>> enough) {
    var deserializer = serdes.forType(type).deserializer();
    List<T> read = new ArrayList<>();
    poll(
        topic,
        record -> read.add(deserializer.deserialize(topic, record.value())),
        () -> enough.test(read),
        read::size);
    return read;
  }

  private void poll(
      String topic,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each,
      java.util.function.BooleanSupplier enough,
      java.util.function.IntSupplier count) {
    Map<String, Object> properties = new HashMap<>(connection.clientProperties());
    properties.put("auto.offset.reset", "earliest");
    long until = System.nanoTime() + PATIENCE.toNanos();
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> all =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (!enough.getAsBoolean()) {
        assertThat(System.nanoTime() - until)
            .as("%d records of %s are not what it waits for", count.getAsInt(), topic)
            .isNegative();
        consumer.poll(Duration.ofMillis(50)).forEach(each);
      }
    } finally {
      LoneConsumer.close(consumer);
    }
  }

  private static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError("the broker did not take it", e);
    }
  }

  /** Every request id among these replies, in order, repetitions included. */
  static Stream<String> ids(List<Exchange> replies) {
    return replies.stream().map(Exchange::getRequestId);
  }
}
