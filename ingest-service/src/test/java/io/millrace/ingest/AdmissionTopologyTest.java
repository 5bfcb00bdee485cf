package io.millrace.ingest;

import static io.millrace.ingest.TopologyFixture.NOW;
import static io.millrace.ingest.TopologyFixture.TOPICS;
import static io.millrace.ingest.TopologyFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HeaderEntry;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistryException;
import io.millrace.schemas.topic.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTopologyTest {

  @TempDir Path stateDir;

  private TopologyFixture topology;

  @BeforeEach
  void open() {
    topology = new TopologyFixture(stateDir);
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldSendAnExchangeHomeWhenTheValueIsAvro() {
    CompletionRequest request = Requests.hello();
    request.setRequestId("r1");
    request.setTenant("acme");
    request.setTimeoutMillis(1_000L);

    topology.send(request);

    TestRecord<String, Exchange> out = topology.home.readRecord();
    assertThat(out.key()).isEqualTo("acme");
    Exchange exchange = out.value();
    assertThat(exchange.getExchangeId()).isEqualTo("acme/r1");
    assertThat(exchange.getAcceptedAtMillis()).isEqualTo(NOW.toEpochMilli());
    assertThat(exchange.getDeadlineMillis()).isEqualTo(NOW.toEpochMilli() + 1_000);
    assertThat(topology.home.isEmpty()).isTrue();
    assertThat(topology.deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldSendAnExchangeHomeWhenTheValueIsAChatBody() {
    topology.send(bytes(Requests.chatBody("hello")));

    Exchange exchange = topology.home.readValue();
    assertThat(exchange.getTenant()).isEqualTo("default");
    assertThat(exchange.getLane()).isEqualTo(Lane.STANDARD);
    assertThat(exchange.getRequest().getMessages().getFirst().getContent()).isEqualTo("hello");
    assertThat(exchange.getRequestId())
        .isEqualTo(RequestIds.ofRecord(TOPICS.requests().name(), 0, 0, NOW.toEpochMilli()));
  }

  @Test
  void shouldSendAnExchangeHomeWhenTheValueIsARequestEventInJson() {
    topology.send(
        bytes(
            Requests.chatBody("hello")
                .replaceFirst(
                    "\\{", "{\"requestId\":\"r7\",\"tenant\":\"acme\",\"lane\":\"batch\",")));

    Exchange exchange = topology.home.readValue();
    assertThat(exchange.getExchangeId()).isEqualTo("acme/r7");
    assertThat(exchange.getLane()).isEqualTo(Lane.BATCH);
  }

  @Test
  void shouldHonourItsHeadersAndCarryTheOthersWhenARecordHasBoth() {
    topology.send(
        Requests.hello(),
        HeaderNames.REQUEST_ID,
        "from-header",
        HeaderNames.TENANT,
        "acme",
        HeaderNames.LANE,
        "interactive",
        HeaderNames.TIMEOUT_MILLIS,
        "5000",
        HeaderNames.FALLBACKS,
        "a/b,c/d",
        HeaderNames.SPRING_REPLY_TOPIC,
        "replies",
        "mine",
        "kept");

    Exchange exchange = topology.home.readValue();
    assertThat(exchange.getExchangeId()).isEqualTo("acme/from-header");
    assertThat(exchange.getLane()).isEqualTo(Lane.INTERACTIVE);
    assertThat(exchange.getDeadlineMillis() - exchange.getAcceptedAtMillis()).isEqualTo(5_000);
    assertThat(exchange.getRequest().getFallbacks()).containsExactly("a/b", "c/d");
    assertThat(exchange.getHeaders())
        .containsExactly(
            new HeaderEntry(HeaderNames.SPRING_REPLY_TOPIC, ByteBuffer.wrap(bytes("replies"))),
            new HeaderEntry("mine", ByteBuffer.wrap(bytes("kept"))));
  }

  @Test
  void shouldGiveEachRecordAnIdOfItsOwnWhenNoneHasOne() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      topology.send(Requests.hello());
      assertThat(ids.add(topology.home.readValue().getRequestId())).isTrue();
    }
  }

  @Test
  void shouldSendBothHomeWhenARequestComesTwice() {
    CompletionRequest request = Requests.hello();
    request.setRequestId("twice");

    topology.send(request);
    topology.send(request);

    assertThat(topology.home.readValuesToList())
        .extracting(Exchange::getExchangeId)
        .containsExactly("default/twice", "default/twice");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("garbage")
  void shouldWriteOneDeadLetterWhenARecordIsGarbage(
      String what, String code, String message, Function<TopologyFixture, byte[]> value) {
    byte[] bytes = value.apply(topology);

    topology.send(bytes, "mine", "kept");

    assertThat(topology.home.isEmpty()).isTrue();
    TestRecord<byte[], byte[]> letter = topology.deadLetters.readRecord();
    assertThat(topology.deadLetters.isEmpty()).isTrue();
    assertThat(letter.key()).isEqualTo(bytes("original-key"));
    assertThat(letter.value()).isEqualTo(bytes);
    assertThat(text(letter, HeaderNames.ERROR_CODE)).as(what).isEqualTo(code);
    assertThat(text(letter, HeaderNames.ERROR_MESSAGE)).contains(message);
    assertThat(text(letter, HeaderNames.ORIGIN_TOPIC)).isEqualTo(TOPICS.requests().name());
    assertThat(text(letter, HeaderNames.ORIGIN_PARTITION)).isEqualTo("0");
    assertThat(text(letter, HeaderNames.ORIGIN_OFFSET)).isEqualTo("0");
    assertThat(text(letter, HeaderNames.ORIGIN_TIMESTAMP_MILLIS))
        .isEqualTo(Long.toString(NOW.toEpochMilli()));
    assertThat(text(letter, HeaderNames.FAILED_BY)).isEqualTo("admission");
    assertThat(text(letter, "mine")).isEqualTo("kept");
    assertThat(
            topology
                .meters
                .counter(IngestMeters.REQUESTS, "source", "topic", "outcome", code)
                .count())
        .isEqualTo(1);
  }

  static Stream<Arguments> garbage() {
    return Stream.of(
        garbage("null", "undecodable", "the value is null", t -> null),
        garbage("empty", "undecodable", "the value is empty", t -> new byte[0]),
        garbage("text", "undecodable", "Confluent wire format", t -> bytes("hello")),
        garbage("one byte", "undecodable", "", t -> new byte[] {0}),
        garbage(
            "unknown schema id",
            "unknown_schema",
            "4711",
            t -> ByteBuffer.allocate(9).put((byte) 0).putInt(4711).putInt(1).array()),
        garbage(
            "wrong schema",
            "undecodable",
            "",
            t ->
                t.encode(
                    TOPICS.events(),
                    PipelineEvent.class,
                    PipelineEvent.newBuilder()
                        .setType("x")
                        .setAtMillis(1)
                        .setSource("test")
                        .build())),
        garbage("cut off", "undecodable", "", t -> Arrays.copyOf(hello(t), 9)),
        garbage(
            "more bytes than the record",
            "undecodable",
            "",
            t -> Arrays.copyOf(hello(t), hello(t).length + 3)),
        garbage("2 MB", "request_too_large", "1048576", t -> new byte[2_000_000]),
        garbage("broken JSON", "undecodable", "JSON", t -> bytes("{\"model\":")),
        garbage("missing fields", "invalid_request", "model", t -> bytes("{}")),
        garbage("no messages", "invalid_request", "messages", t -> bytes("{\"model\":\"m\"}")),
        garbage(
            "invalid UTF-8",
            "undecodable",
            "",
            t -> "{\"model\":\"m\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)),
        garbage(
            "unknown lane",
            "invalid_request",
            "lane",
            t -> bytes(Requests.chatBody("x").replaceFirst("\\{", "{\"lane\":\"fast\","))),
        garbage(
            "a request at fault",
            "invalid_request",
            "temperature",
            t -> {
              CompletionRequest request = Requests.hello();
              request.setTemperature(-1.0);
              return t.encode(TOPICS.requests(), CompletionRequest.class, request);
            }));
  }

  private static byte[] hello(TopologyFixture topology) {
    return topology.encode(TOPICS.requests(), CompletionRequest.class, Requests.hello());
  }

  private static Arguments garbage(
      String what, String code, String message, Function<TopologyFixture, byte[]> value) {
    return arguments(what, code, message, value);
  }

  @Test
  void shouldWriteADeadLetterWhenAHeaderIsWrong() {
    topology.send(Requests.hello(), HeaderNames.LANE, "fast");
    topology.send(Requests.hello(), HeaderNames.TIMEOUT_MILLIS, "soon");
    topology.requests.pipeInput(
        new TestRecord<>(
            bytes("k"),
            hello(topology),
            new RecordHeaders().add(HeaderNames.TENANT, new byte[] {(byte) 0xff}),
            NOW));

    assertThat(topology.deadLetters.readRecordsToList())
        .extracting(letter -> text(letter, HeaderNames.ERROR_MESSAGE))
        .satisfiesExactly(
            message -> assertThat(message).contains(HeaderNames.LANE),
            message -> assertThat(message).contains(HeaderNames.TIMEOUT_MILLIS),
            message -> assertThat(message).contains(HeaderNames.TENANT, "UTF-8"));
    assertThat(topology.home.isEmpty()).isTrue();
  }

  @Test
  void shouldAnswerEveryRecordOnceWhenTheBytesAreRandom() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] sound = hello(topology);
    int sent = 500;
    for (int i = 0; i < sent; i++) {
      topology.send(damaged(sound, random));
    }

    assertThat(topology.home.getQueueSize() + topology.deadLetters.getQueueSize())
        .as("seed %s", seed)
        .isEqualTo(sent);
  }

  /** Random bytes, or a sound record with one byte changed. */
  private static byte[] damaged(byte[] sound, Random random) {
    if (random.nextBoolean()) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] damaged = sound.clone();
    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    return damaged;
  }

  @Test
  void shouldWaitAndNotWriteADeadLetterWhenTheRegistryIsOut() {
    topology.close();
    FlakyRegistry registry = new FlakyRegistry();
    topology = new TopologyFixture(stateDir, registry);
    byte[] request = hello(topology);
    registry.failures = 2;

    topology.send(request);

    assertThat(topology.pauses).containsExactly(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(topology.home.readValue().getTenant()).isEqualTo("default");
    assertThat(topology.deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldLetTheTaskFailWhenTheRegistryStaysOut() {
    topology.close();
    FlakyRegistry registry = new FlakyRegistry();
    topology = new TopologyFixture(stateDir, registry);
    byte[] request = hello(topology);
    registry.failures = Integer.MAX_VALUE;

    assertThatThrownBy(() -> topology.send(request))
        .hasRootCauseInstanceOf(SchemaRegistryException.class);
    assertThat(topology.pauses)
        .extracting(Duration::toMillis)
        .containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 4_000L);
    assertThat(topology.deadLetters.isEmpty()).isTrue();
  }

  private static String text(TestRecord<byte[], byte[]> record, String header) {
    Header found = record.headers().lastHeader(header);
    assertThat(found).as(header).isNotNull();
    return new String(found.value(), StandardCharsets.UTF_8);
  }

  /** A registry that cannot be reached a number of times. */
  private static final class FlakyRegistry implements SchemaRegistry {

    private final SchemaRegistry registry = new InMemorySchemaRegistry();
    private int failures;

    private SchemaRegistry reached() {
      if (failures > 0) {
        failures--;
        throw new SchemaRegistryException("out", SchemaRegistryException.UNREACHABLE);
      }
      return registry;
    }

    @Override
    public int register(String subject, Schema schema) {
      return reached().register(subject, schema);
    }

    @Override
    public int idOf(String subject, Schema schema) {
      return reached().idOf(subject, schema);
    }

    @Override
    public Schema schemaOf(int id) {
      return reached().schemaOf(id);
    }

    @Override
    public RegisteredSchema latest(String subject) {
      return reached().latest(subject);
    }

    @Override
    public void close() {}
  }
}
