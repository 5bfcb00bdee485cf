package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineEvent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever anybody writes to what ingest reads, the next request and result are taken. */
class GarbageOnTopicsTest {

  private static final int RECORDS = 400;
  private static final long[] TIMES = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE};

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @RepeatedTest(5)
  void shouldTakeTheNextRequestAndResultWhateverCameBefore(@TempDir Path state) {
    try (TopologyFixture pipeline = new TopologyFixture(state)) {
      for (int i = 0; i < RECORDS; i++) {
        try {
          pipe(pipeline);
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", record " + i, e);
        }
      }
      assertNextIsTaken(pipeline);
    }
  }

  @Test
  void shouldPassOverWhatIsLargerThanAnyRecordMayBe(@TempDir Path state) {
    try (TopologyFixture pipeline = new TopologyFixture(state)) {
      byte[] huge = new byte[50 * 1024 * 1024];
      pipeline.send(huge);
      pipeline.complete(null, huge);
      pipeline.event(huge);
      assertThat(pipeline.deadLetters.readValue().length).isLessThan(10 * 1024 * 1024);
      assertNextIsTaken(pipeline);
    }
  }

  private void assertNextIsTaken(TopologyFixture pipeline) {
    var unused = pipeline.home.readValuesToList();
    pipeline.send(
        TopologyFixture.bytes(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));
    assertThat(pipeline.home.readValuesToList()).as("seed %d", seed).hasSize(1);
    CompletionResult next = Requests.echo(Requests.exchange("calm", "next"));
    next.setFinishedAtMillis(TopologyFixture.NOW.toEpochMilli());
    pipeline.complete(next);
    assertThat(pipeline.stored("calm", "next")).as("seed %d", seed).isNotEmpty();
  }

  private void pipe(TopologyFixture pipeline) {
    switch (random.nextInt(3)) {
      case 0 -> pipeline.send(value(pipeline), "millrace-lane", "?", "millrace-timeout-ms", "-1");
      case 1 -> pipeline.complete(random.nextBoolean() ? null : noise(3), value(pipeline));
      default -> {
        byte[] value = value(pipeline);
        pipeline.event(value == null ? new byte[0] : value);
      }
    }
  }

  private byte @Nullable [] value(TopologyFixture pipeline) {
    return switch (random.nextInt(7)) {
      case 0 -> null;
      case 1 -> noise(random.nextInt(100));
      case 2 -> TopologyFixture.bytes("{\"model\":" + "[".repeat(random.nextInt(5_000)));
      case 3 -> damaged(result(pipeline));
      case 4 -> result(pipeline);
      case 5 -> damaged(event(pipeline));
      default -> event(pipeline);
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

  private byte[] result(TopologyFixture pipeline) {
    CompletionResult result = Requests.echo(Requests.exchange("acme", "r" + random.nextInt(9)));
    result.setFinishedAtMillis(time());
    result.setAcceptedAtMillis(time());
    return pipeline.encode(TopologyFixture.TOPICS.completions(), CompletionResult.class, result);
  }

  private byte[] event(TopologyFixture pipeline) {
    PipelineEvent event =
        new PipelineEvent(
            ProgressProcessor.REQUEST_ACCEPTED,
            time(),
            "nobody",
            random.nextBoolean() ? null : "r" + random.nextInt(9),
            random.nextBoolean() ? null : "acme",
            -1,
            Map.of());
    return pipeline.encode(TopologyFixture.TOPICS.events(), PipelineEvent.class, event);
  }

  private long time() {
    return TIMES[random.nextInt(TIMES.length)];
  }
}
