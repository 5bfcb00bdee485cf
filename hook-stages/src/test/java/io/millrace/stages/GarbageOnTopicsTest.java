package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.HookOperation;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Target;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever anybody writes to the topics of the default chain, the next request is answered. */
class GarbageOnTopicsTest {

  private static final int RECORDS = 400;
  private static final long[] TIMES = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE};
  private static final int[] ATTEMPTS = {Integer.MIN_VALUE, -1, 0, 1, 2, Integer.MAX_VALUE};

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final TopicCatalogue topics = new TopicCatalogue("t.", 1);
  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final AvroSerdes serdes = new AvroSerdes(registry);
  private final List<Topic> inputs =
      List.of(
          topics.stageRequests(TopicCatalogue.HOME),
          topics.stageReplies(TopicCatalogue.HOME),
          topics.stageOperations(TopicCatalogue.HOME));
  private TopologyTestDriver driver;

  @BeforeEach
  void open(@TempDir Path state) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "garbage");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    driver =
        new TopologyTestDriver(
            HookStages.topology(
                HookStagesConfig.defaults(state), topics, registry, new SimpleMeterRegistry()),
            properties);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @RepeatedTest(5)
  void shouldAnswerTheNextRequestWhateverCameBefore() {
    for (int i = 0; i < RECORDS; i++) {
      try {
        pipe(inputs.get(random.nextInt(inputs.size())).name(), key(), value());
        if (i % 20 == 0) {
          driver.advanceWallClockTime(Duration.ofMillis(random.nextInt(20_000)));
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", record " + i, e);
      }
    }
    assertThat(dispatchedNext()).as("seed %d", seed).isNotNull();
  }

  @Test
  void shouldBuryWhatIsLargerThanAnyRecordMayBe() {
    byte[] huge = new byte[50 * 1024 * 1024];
    inputs.forEach(topic -> pipe(topic.name(), "acme", huge));
    TestOutputTopic<String, byte[]> letters =
        driver.createOutputTopic(
            topics.deadLetters().name(), new StringDeserializer(), new ByteArrayDeserializer());
    assertThat(letters.readValuesToList())
        .hasSize(3)
        .allMatch(value -> value.length < Topic.MAX_RECORD_BYTES);
    assertThat(dispatchedNext()).isNotNull();
  }

  /** A request that comes now; its result, once it is answered. */
  private @Nullable CompletionResult dispatchedNext() {
    TestOutputTopic<String, CompletionResult> results =
        driver.createOutputTopic(
            topics.completions().name(),
            new StringDeserializer(),
            serdes.forType(CompletionResult.class).deserializer());
    var unused = results.readValuesToList();
    Exchange request = request("next");
    request.setTenant("calm");
    request.setExchangeId("calm/next");
    pipe(inputs.getFirst().name(), "calm", bytes(request));
    Exchange dispatched =
        driver
            .createOutputTopic(
                topics.dispatch("simulated", request.getLane()).name(),
                new StringDeserializer(),
                serdes.forType(Exchange.class).deserializer())
            .readValuesToList()
            .getLast();
    Frame frame = dispatched.getFrames().getLast();
    pipe(frame.getReplyTopic(), frame.getScopeKey(), bytes(answered(dispatched, "yes")));
    return results.readValuesToList().stream()
        .filter(result -> result.getRequestId().equals(request.getRequestId()))
        .findFirst()
        .orElse(null);
  }

  private Exchange request(String id) {
    Exchange exchange = accepted(id, "simulated/any");
    exchange.setAcceptedAtMillis(System.currentTimeMillis());
    exchange.setDeadlineMillis(System.currentTimeMillis() + Duration.ofDays(30).toMillis());
    return exchange;
  }

  private void pipe(String topic, @Nullable String key, byte @Nullable [] value) {
    driver
        .createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
        .pipeInput(key, value);
  }

  private @Nullable String key() {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> "";
      case 2 -> "acme";
      default -> Long.toString(random.nextLong());
    };
  }

  private byte @Nullable [] value() {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> noise(random.nextInt(200));
      case 2 -> damaged(bytes(odd()));
      case 3 -> damaged(operation());
      case 4 -> operation();
      default -> bytes(odd());
    };
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Cut off somewhere, or with a few bytes changed. */
  private byte[] damaged(byte[] bytes) {
    if (random.nextBoolean()) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  /** An exchange that can be read, and that nobody would write. */
  private Exchange odd() {
    Exchange exchange = request("r" + random.nextInt(20));
    exchange.setAttempt(ATTEMPTS[random.nextInt(ATTEMPTS.length)]);
    if (random.nextBoolean()) {
      exchange.setDeadlineMillis(TIMES[random.nextInt(TIMES.length)]);
      exchange.setAcceptedAtMillis(TIMES[random.nextInt(TIMES.length)]);
      exchange.setAttemptStartedAtMillis(TIMES[random.nextInt(TIMES.length)]);
    }
    exchange.setLane(Lane.values()[random.nextInt(Lane.values().length)]);
    switch (random.nextInt(5)) {
      case 0 -> exchange.setTenant("");
      case 1 -> exchange.setFrames(List.of(new Frame("", "", List.of("no-hook", "auth"))));
      case 2 -> exchange.setTarget(new Target("nobody", ""));
      case 3 -> exchange.setFallbacks(List.of(new Target("nobody", "m"), new Target("", "")));
      default -> exchange.setAttributes(Map.of("no-hook", "", "auth", "{"));
    }
    return random.nextBoolean() ? exchange : answered(exchange, "x");
  }

  private byte[] operation() {
    HookOperation operation =
        HookOperation.newBuilder()
            .setOperationId("op")
            .setHook(random.nextBoolean() ? "no-hook" : "auth")
            .setOperation("show")
            .setScopeKey("acme")
            .setArguments(Map.of())
            .setBy("nobody")
            .setAtMillis(TIMES[random.nextInt(TIMES.length)])
            .setDeadlineMillis(TIMES[random.nextInt(TIMES.length)])
            .build();
    return serdes
        .forType(HookOperation.class)
        .serializer()
        .serialize(inputs.getLast().name(), operation);
  }

  private byte[] bytes(Exchange exchange) {
    return serdes
        .forType(Exchange.class)
        .serializer()
        .serialize(inputs.getFirst().name(), exchange);
  }
}
