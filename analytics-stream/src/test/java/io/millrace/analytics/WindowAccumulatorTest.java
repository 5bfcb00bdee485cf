package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketchProtoBinding;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.ProviderCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WindowAccumulatorTest {

  private static final WindowKey KEY = new WindowKey(60_000, "p", "m1", "t");
  private static final int MAX_CODES = 5;

  @Test
  void shouldSumWhatCallsSay() {
    WindowAccumulator accumulator = new WindowAccumulator(MAX_CODES);
    accumulator.add(Calls.ok("p", "t", 61_000, 2_000));
    accumulator.add(Calls.ok("p", "t", 61_000, 4_000));
    accumulator.add(Calls.failed("p", "t", 61_000, "upstream_timeout"));

    MetricWindow window = accumulator.toPublished(KEY, true);

    assertThat(window.getWindowStartMillis()).isEqualTo(60_000);
    assertThat(window.getWindowEndMillis()).isEqualTo(120_000);
    assertThat(window.getProvider()).isEqualTo("p");
    assertThat(window.getModel()).isEqualTo("m1");
    assertThat(window.getTenant()).isEqualTo("t");
    assertThat(window.getRequests()).isEqualTo(3);
    assertThat(window.getErrors()).isEqualTo(1);
    assertThat(window.getErrorsByCode()).containsOnly(Map.entry("upstream_timeout", 1L));
    assertThat(window.getPromptTokens()).isEqualTo(20);
    assertThat(window.getCompletionTokens()).isEqualTo(40);
    assertThat(window.getCostNanos()).isEqualTo(600);
    assertThat(window.getLatencyP50Micros()).isBetween(1_980L, 2_020L);
    assertThat(window.getLatencyP99Micros()).isBetween(1_980L, 4_040L);
    assertThat(window.getClosed()).isTrue();
  }

  @Test
  void shouldSumErrorCodesAsOtherBeyondTheBound() {
    WindowAccumulator accumulator = new WindowAccumulator(2);
    for (String code : List.of("a", "b", "c", "d", "a")) {
      accumulator.add(Calls.failed("p", "t", 0, code));
    }

    assertThat(accumulator.toPublished(KEY, false).getErrorsByCode())
        .isEqualTo(Map.of("a", 2L, "b", 1L, "other", 2L));
  }

  @Test
  void shouldTakeALatencyBelowZeroAsZero() {
    WindowAccumulator accumulator = new WindowAccumulator(MAX_CODES);
    accumulator.add(Calls.ok("p", "t", 0, -5));

    assertThat(accumulator.toPublished(KEY, false).getLatencyP99Micros()).isZero();
  }

  @RepeatedTest(20)
  void shouldGiveTheSameFiguresWhetherAddedMergedOrStoredInBetween() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<ProviderCall> calls = randomCalls(random, 1 + random.nextInt(3_000));
    WindowAccumulator whole = new WindowAccumulator(MAX_CODES);
    WindowAccumulator merged = new WindowAccumulator(MAX_CODES);
    WindowAccumulator part = new WindowAccumulator(MAX_CODES);
    for (ProviderCall call : calls) {
      whole.add(call);
      part.add(call);
      if (random.nextInt(100) == 0) {
        merged.mergeWith(part);
        part = new WindowAccumulator(MAX_CODES);
      } else if (random.nextInt(100) == 0) {
        part = WindowAccumulator.ofState(part.toState(KEY), MAX_CODES);
      }
    }
    merged.mergeWith(part);

    MetricWindow window = merged.toPublished(KEY, true);
    MetricWindow expected = whole.toPublished(KEY, true);
    assertThat(window.getRequests()).as("seed %d", seed).isEqualTo(calls.size());
    window.setLatencySketch(expected.getLatencySketch());
    assertThat(window).as("seed %d", seed).isEqualTo(expected);
    assertWithinAccuracy(calls, window, seed);
  }

  @Test
  void shouldPublishASketchThatOthersCanRead() throws InvalidProtocolBufferException {
    WindowAccumulator accumulator = new WindowAccumulator(MAX_CODES);
    for (int i = 1; i <= 1_000; i++) {
      accumulator.add(Calls.ok("p", "t", 0, i * 1_000));
    }

    DDSketch read =
        DDSketchProtoBinding.fromProto(
            UnboundedSizeDenseStore::new,
            com.datadoghq.sketch.ddsketch.proto.DDSketch.parseFrom(
                accumulator.toPublished(KEY, true).getLatencySketch()));

    assertThat(read.getCount()).isEqualTo(1_000);
    assertThat(read.getValueAtQuantile(0.95)).isCloseTo(950_000, within(9_600.0));
  }

  private static List<ProviderCall> randomCalls(RandomGenerator random, int count) {
    List<ProviderCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long micros = Math.round(Math.exp(random.nextGaussian() * 2 + 12));
      String error = random.nextInt(4) == 0 ? "code" + random.nextInt(MAX_CODES) : null;
      calls.add(Calls.call("p", "m1", "t", 61_000, micros, error));
    }
    return calls;
  }

  private static void assertWithinAccuracy(
      List<ProviderCall> calls, MetricWindow window, long seed) {
    long[] sorted = calls.stream().mapToLong(ProviderCall::getLatencyMicros).sorted().toArray();
    assertClose(sorted, 0.50, window.getLatencyP50Micros(), seed);
    assertClose(sorted, 0.95, window.getLatencyP95Micros(), seed);
    assertClose(sorted, 0.99, window.getLatencyP99Micros(), seed);
  }

  /** The sketch promises the lower of the two values around the rank; half a unit is rounding. */
  private static void assertClose(long[] sorted, double quantile, long actual, long seed) {
    long exact = sorted[(int) (quantile * (sorted.length - 1))];
    assertThat((double) actual)
        .as("quantile %s, seed %d", quantile, seed)
        .isCloseTo(exact, within(exact * WindowAccumulator.RELATIVE_ACCURACY * 1.0001 + 0.5));
  }
}
