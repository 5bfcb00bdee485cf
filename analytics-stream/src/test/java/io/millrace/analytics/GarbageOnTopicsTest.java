package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.Usage;
import io.millrace.schemas.topic.Topic;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Whatever anybody writes to what analytics reads, the next calls are counted. */
class GarbageOnTopicsTest extends AnalyticsFixture {

  private static final int RECORDS = 400;
  private static final long[] NUMBERS = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE};
  private static final List<String> EVENTS =
      List.of("budget-exhausted", "circuit-opened", "circuit-closed", "shedding-started", "");

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @RepeatedTest(5)
  void shouldCountTheNextCallsWhateverCameBefore() {
    TestInputTopic<String, byte[]> events =
        driver.createInputTopic(
            topics.events().name(), new StringSerializer(), new ByteArraySerializer());
    for (int i = 0; i < RECORDS; i++) {
      try {
        (random.nextBoolean() ? attempts : events).pipeInput(key(), value());
        if (i % 20 == 0) {
          passSeconds(random.nextInt(30));
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", record " + i, e);
      }
    }
    double before = count(AnalyticsMeters.CALLS);
    send(Calls.ok("calm", "acme", START + 1, 1_000));
    assertThat(count(AnalyticsMeters.CALLS)).as("seed %d", seed).isEqualTo(before + 1);
    passSeconds(120);
  }

  @Test
  void shouldBuryWhatIsLargerThanAnyRecordMayBe() {
    attempts.pipeInput("p", new byte[50 * 1024 * 1024]);
    assertThat(deadLetters.readValue().length).isLessThan(Topic.MAX_RECORD_BYTES);
  }

  private @Nullable String key() {
    return switch (random.nextInt(3)) {
      case 0 -> null;
      case 1 -> "";
      default -> "p" + random.nextInt(3);
    };
  }

  private byte @Nullable [] value() {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> noise(random.nextInt(100));
      case 2 -> damaged(call());
      case 3 -> damaged(event());
      case 4 -> event();
      default -> call();
    };
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] damaged(byte[] bytes) {
    if (random.nextBoolean()) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    return bytes;
  }

  private byte[] call() {
    ProviderCall call = Calls.ok("p" + random.nextInt(3), "acme", START, 1_000);
    switch (random.nextInt(6)) {
      case 0 -> call.setLatencyMicros(number());
      case 1 -> call.setStartedAtMillis(number());
      case 2 -> call.setUsage(new Usage(number(), number(), number(), number()));
      case 3 -> call.setCostNanos(number());
      case 4 -> call.setErrorCode("x".repeat(random.nextInt(1_000)));
      default -> {
        call.setProvider("");
        call.setModel("");
        call.setProbe(random.nextBoolean());
      }
    }
    return serdes.forType(ProviderCall.class).serializer().serialize("attempts", call);
  }

  private byte[] event() {
    PipelineEvent event =
        new PipelineEvent(
            EVENTS.get(random.nextInt(EVENTS.size())),
            number(),
            "nobody",
            null,
            null,
            null,
            random.nextBoolean() ? Map.of() : Map.of("since", "x", "model", "", "level", "?"));
    return serdes.forType(PipelineEvent.class).serializer().serialize("events", event);
  }

  private long number() {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }
}
