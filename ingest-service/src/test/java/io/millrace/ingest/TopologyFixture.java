package io.millrace.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.access.AccessSettings;
import io.millrace.ingest.access.Credentials;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology under the test driver, with topics to write and read. */
final class TopologyFixture implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  static final TopicCatalogue TOPICS = new TopicCatalogue("t.", 2);

  final AvroSerdes serdes;
  private final Credentials credentials;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<Duration> pauses = new ArrayList<>();
  final TopologyTestDriver driver;
  final TestInputTopic<byte[], byte[]> requests;
  final TestOutputTopic<String, Exchange> home;
  final TestOutputTopic<byte[], byte[]> deadLetters;

  TopologyFixture(Path stateDir) {
    this(stateDir, new InMemorySchemaRegistry());
  }

  TopologyFixture(Path stateDir, SchemaRegistry registry) {
    this(stateDir, registry, Credentials.of(AccessSettings.open(), null, () -> true));
  }

  TopologyFixture(Path stateDir, SchemaRegistry registry, Credentials credentials) {
    this.credentials = credentials;
    serdes = new AvroSerdes(registry);
    driver = new TopologyTestDriver(topology(), properties(stateDir), NOW);
    requests = input(TOPICS.requests());
    home =
        driver.createOutputTopic(
            TOPICS.stageRequests(TopicCatalogue.HOME).name(),
            new StringDeserializer(),
            serdes.forType(Exchange.class).deserializer());
    deadLetters =
        driver.createOutputTopic(
            TOPICS.deadLetters().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  Topology topology() {
    return new IngestTopology(
            IngestConfig.defaults(),
            TOPICS,
            serdes,
            credentials,
            new Patience(pauses::add),
            new IngestMeters(meters))
        .build();
  }

  private static Properties properties(Path stateDir) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "ingest-test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    return properties;
  }

  private TestInputTopic<byte[], byte[]> input(Topic topic) {
    return driver.createInputTopic(
        topic.name(), new ByteArraySerializer(), new ByteArraySerializer(), NOW, Duration.ZERO);
  }

  void send(byte @Nullable [] value, String... headers) {
    requests.pipeInput(new TestRecord<>(bytes("original-key"), value, headers(headers), NOW));
  }

  void send(CompletionRequest request, String... headers) {
    send(encode(TOPICS.requests(), CompletionRequest.class, request), headers);
  }

  void complete(byte @Nullable [] key, byte @Nullable [] value) {
    input(TOPICS.completions()).pipeInput(new TestRecord<>(key, value, new RecordHeaders(), NOW));
  }

  void complete(CompletionResult result) {
    complete(
        bytes(result.getRequestId()), encode(TOPICS.completions(), CompletionResult.class, result));
  }

  void event(PipelineEvent event) {
    input(TOPICS.events())
        .pipeInput(
            new TestRecord<>(
                bytes("any"),
                encode(TOPICS.events(), PipelineEvent.class, event),
                new RecordHeaders(),
                NOW));
  }

  void event(byte[] value) {
    input(TOPICS.events())
        .pipeInput(new TestRecord<>(bytes("any"), value, new RecordHeaders(), NOW));
  }

  /** Everything the store holds about a request, oldest first. */
  /** The result first, where there is one. */
  List<StoredState> stored(String tenant, String requestId) {
    List<StoredState> states = stored(IngestTopology.resultKey(tenant, requestId));
    states.addAll(stored(IngestTopology.progressKey(tenant, requestId)));
    return states;
  }

  private List<StoredState> stored(String key) {
    List<StoredState> states = new ArrayList<>();
    try (WindowStoreIterator<byte[]> found =
        driver
            .<String, byte[]>getWindowStore(IngestTopology.RESULTS_STORE)
            .fetch(key, Instant.EPOCH, NOW.plus(Duration.ofDays(3650)))) {
      while (found.hasNext()) {
        KeyValue<Long, byte[]> state = found.next();
        states.add(StoredState.read(state.value));
      }
    }
    return states;
  }

  <T extends SpecificRecord> byte[] encode(Topic topic, Class<T> type, T value) {
    return serdes.forType(type).serializer().serialize(topic.name(), value);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Headers headers(String... namesAndValues) {
    RecordHeaders headers = new RecordHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], bytes(namesAndValues[i + 1]));
    }
    return headers;
  }

  @Override
  public void close() {
    driver.close();
  }
}
