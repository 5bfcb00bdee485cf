package io.millrace.stages.hooks.shed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Events.Event;
import io.millrace.plugin.hook.PipelineLoad;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShedHookTest {

  private final GivenLoad load = new GivenLoad();
  private final TestEnvironment environment = new TestEnvironment().withLoad(load);
  private final CompletionRequest request = CompletionRequest.of("m", "x");

  private static final class GivenLoad implements PipelineLoad {
    private volatile long delayMillis;
    private volatile long open;
    private volatile long oldestMillis;

    @Override
    public Duration queueDelay() {
      return Duration.ofMillis(delayMillis);
    }

    @Override
    public long openExchanges() {
      return open;
    }

    @Override
    public Duration oldestOpen() {
      return Duration.ofMillis(oldestMillis);
    }
  }

  private OverloadWatch watch(ShedSettings settings) {
    return new OverloadWatch(
        load, settings, environment.environment().clock(), environment, environment, "p1");
  }

  private PreHookResult decide(Map<String, Object> config, TestContext context) {
    ShedSettings settings = ShedSettings.of(config);
    OverloadWatch watch = watch(settings);
    watch.look();
    return new ShedHook(watch, settings, environment).preHook(request, context);
  }

  private boolean passes(Lane lane) {
    return decide(Map.of(), new TestContext().withLane(lane)) instanceof PreHookResult.Continue;
  }

  @Test
  void shouldLeaveOutTheLowestLanesFirst() {
    load.delayMillis = 999;
    assertThat(decide(Map.of(), new TestContext().withLane(Lane.BATCH).inBackground()))
        .isInstanceOf(PreHookResult.Continue.class);
    load.delayMillis = 1_000;
    assertThat(decide(Map.of(), new TestContext().withLane(Lane.BATCH).inBackground()))
        .isInstanceOf(PreHookResult.Fail.class);
    assertThat(passes(Lane.BATCH)).isTrue();
    load.delayMillis = 2_000;
    assertThat(passes(Lane.BATCH)).isFalse();
    assertThat(passes(Lane.STANDARD)).isTrue();
    load.delayMillis = 4_000;
    assertThat(passes(Lane.STANDARD)).isFalse();
    assertThat(passes(Lane.INTERACTIVE)).isTrue();
    load.delayMillis = 8_000;
    assertThat(passes(Lane.INTERACTIVE)).isFalse();
  }

  @Test
  void shouldRefuseWithoutFallbackAndWithAdvice() {
    load.delayMillis = 60_000;
    PipelineError error =
        ((PreHookResult.Fail) decide(Map.of("retry_after", "7s"), new TestContext())).error();
    assertThat(error.code()).isEqualTo("overloaded");
    assertThat(error.httpStatus()).isEqualTo(503);
    assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(error.mayFallBack()).isFalse();
    assertThat(environment.count(ShedHook.REQUESTS, Map.of("lane", "standard", "action", "refuse")))
        .isEqualTo(1);
  }

  @Test
  void shouldGoByTheFigureThatIsClosestToItsBound() {
    load.open = 30;
    load.oldestMillis = 500;
    Map<String, Object> config = Map.of("max_open", 10, "max_oldest", "1s");
    assertThat(decide(config, new TestContext())).isInstanceOf(PreHookResult.Fail.class);
    assertThat(environment.events().getFirst().attributes())
        .containsEntry("signal", "open-exchanges")
        .containsEntry("value", "30")
        .containsEntry("bound", "10");
  }

  @Test
  void shouldFinishWhatWasLetIn() {
    load.delayMillis = 60_000;
    assertThat(decide(Map.of(), new TestContext().withAttempt(2)))
        .isInstanceOf(PreHookResult.Continue.class);
  }

  @Test
  void shouldParkAsLongAsTheDeadlineLetsIt() {
    load.delayMillis = 60_000;
    Map<String, Object> park = Map.of("action", "park", "retry_after", "10s");
    for (int i = 0; i < 100; i++) {
      PreHookResult result = decide(park, new TestContext().withRequestId("r" + i));
      assertThat(((PreHookResult.Defer) result).duration())
          .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));
    }
    assertThat(decide(park, new TestContext().withTimeout(Duration.ofSeconds(14))))
        .isInstanceOf(PreHookResult.Fail.class);
    assertThat(decide(park, new TestContext().withLane(Lane.BATCH).inBackground()))
        .isInstanceOf(PreHookResult.Fail.class);
  }

  @Test
  void shouldTellOfEachLevelOnceAndLeaveItOnlyAfterACalmWhile() {
    OverloadWatch watch = watch(ShedSettings.of(Map.of()));
    load.delayMillis = 4_000;
    assertThat(watch.look()).isEqualTo(Level.STANDARD);
    assertThat(watch.look()).isEqualTo(Level.STANDARD);
    assertThat(told()).containsExactly("+background", "+batch", "+standard");

    load.delayMillis = 2_900;
    environment.advance(Duration.ofSeconds(60));
    assertThat(watch.look()).as("above 0.7 of the level").isEqualTo(Level.STANDARD);
    load.delayMillis = 2_700;
    assertThat(watch.look()).isEqualTo(Level.STANDARD);
    environment.advance(Duration.ofMillis(4_999));
    assertThat(watch.look()).isEqualTo(Level.STANDARD);
    load.delayMillis = 2_900;
    assertThat(watch.look()).as("not calm, so the wait begins anew").isEqualTo(Level.STANDARD);
    load.delayMillis = 0;
    assertThat(watch.look()).isEqualTo(Level.STANDARD);
    environment.advance(Duration.ofSeconds(5));
    assertThat(watch.look()).isEqualTo(Level.NONE);
    assertThat(told())
        .containsExactly(
            "+background", "+batch", "+standard", "-standard", "-batch", "-background");
    assertThat(environment.events())
        .extracting(event -> event.attributes().get("since"))
        .containsOnly(Long.toString(TestContext.START.toEpochMilli()));
  }

  private List<String> told() {
    return environment.events().stream().map(ShedHookTest::text).toList();
  }

  private static String text(Event event) {
    return (event.type().endsWith("started") ? "+" : "-") + event.attributes().get("level");
  }

  @Test
  void shouldTellAsManyEndsAsBeginningsWhateverTheLoadDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Thresholds thresholds = ShedSettings.of(Map.of()).thresholds();
    Shedding shedding = Shedding.NOTHING;
    Instant now = TestContext.START;
    for (int i = 0; i < 10_000; i++) {
      double pressure = random.nextDouble() * 6;
      now = now.plusMillis(random.nextInt(4_000) - 500);
      Shedding next = shedding.next(pressure, thresholds, now);
      assertThat(next.level())
          .as("seed %s", seed)
          .isGreaterThanOrEqualTo(thresholds.reached(pressure));
      if (next.level().compareTo(shedding.level()) < 0) {
        assertThat(next.level()).isGreaterThanOrEqualTo(thresholds.reached(pressure));
        assertThat(shedding.calmSince()).as("seed %s", seed).isNotNull();
      }
      shedding = next;
    }
  }

  @Test
  void shouldTellOnceWhenManyLookAtOnce() throws Exception {
    OverloadWatch watch = watch(ShedSettings.of(Map.of()));
    load.delayMillis = 60_000;
    Thread[] threads = new Thread[8];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = Thread.ofVirtual().start(watch::look);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(told()).containsExactly("+background", "+batch", "+standard", "+interactive");
  }

  @Test
  void shouldRefuseLevelsThatDoNotRise() {
    assertThatThrownBy(() -> ShedSettings.of(Map.of("levels", Map.of("batch", 3))))
        .hasMessageStartingWith("levels must rise");
  }
}
