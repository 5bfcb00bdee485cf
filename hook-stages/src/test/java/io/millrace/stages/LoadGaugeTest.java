package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadGaugeTest {

  private static final Duration TICK = Duration.ofMillis(100);

  @TempDir Path stateDir;

  @Test
  void shouldCountWhatIsUnderWayAlsoAfterARestartAndNothingWhenTheTaskIsGone() {
    HomeDriver before = new HomeDriver(stateDir.resolve("a"));
    before.request(accepted("r1", "one/small"));
    before.request(accepted("r1", "one/small"));
    before.request(accepted("r2", "one/small"));
    before.advance(Duration.ofSeconds(3));
    assertThat(before.load.openExchanges()).isEqualTo(2);
    assertThat(before.load.oldestOpen()).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_128));
    HomeDriver after = before.restart();
    try (after) {
      assertThat(before.load.openExchanges()).as("its task is closed").isZero();
      assertThat(after.load.openExchanges()).isEqualTo(2);
      after.advance(Exchanges.TIMEOUT);
      assertThat(after.load.openExchanges()).as("past their deadline").isZero();
      assertThat(after.load.oldestOpen()).isZero();
    }
  }

  @Test
  void shouldForgetWhatHasItsResult() {
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.request(accepted("r1", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      home.request(accepted("r2", "nobody/small"));
      home.advance(TICK);
      assertThat(home.load.openExchanges()).isZero();
    }
  }

  @Test
  void shouldNotCountWhatWaitsAtAHook() {
    Hook gate =
        new Hook() {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            return context.now().isBefore(HomeDriver.START.plusSeconds(2))
                ? PreHookResult.defer(Duration.ofSeconds(2))
                : PreHookResult.proceed(request);
          }
        };
    try (HomeDriver home = new HomeDriver(stateDir, HomeDriver.hook("gate", gate))) {
      home.request(accepted("r1", "one/small"));
      home.advance(TICK);
      assertThat(home.load.openExchanges()).isZero();
      home.advance(Duration.ofSeconds(2));
      home.advance(TICK);
      assertThat(home.load.openExchanges()).isEqualTo(1);
    }
  }

  @Test
  void shouldCountAFallbackAsUnderWay() {
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.request(accepted("r1", "one/small", "two/big"));
      home.reply(
          Exchanges.failed(
              home.dispatched().getFirst(), io.millrace.plugin.model.ErrorCode.UPSTREAM_ERROR));
      home.advance(TICK);
      assertThat(home.load.openExchanges()).isEqualTo(1);
    }
  }

  @Test
  void shouldSmoothTheDelayAndLetItFadeWhenNothingComes() {
    TaskLoad task = new TaskLoad();
    long now = 1_000_000;
    task.arrived(now - 8_000, now);
    task.publish();
    assertThat(task.delayMillisAt(now)).as("one late request is no overload").isEqualTo(1_000);
    for (int i = 0; i < 100; i++) {
      task.arrived(now - 8_000, now);
    }
    task.publish();
    assertThat(task.delayMillisAt(now)).isBetween(7_900.0, 8_000.0);
    assertThat(task.delayMillisAt(now + 1_000)).isBetween(7_900.0, 8_000.0);
    assertThat(task.delayMillisAt(now + 4_000)).isLessThan(1_001);
    assertThat(task.delayMillisAt(now - 60_000)).as("a clock set back").isLessThan(8_001);
  }

  @Test
  void shouldStandWrongClocks() {
    TaskLoad task = new TaskLoad();
    task.arrived(Long.MAX_VALUE, 1_000);
    task.arrived(-5, 1_000);
    task.underWay("future", Long.MAX_VALUE);
    task.publish();
    assertThat(task.delayMillisAt(1_000)).isLessThan(1_000);
    assertThat(task.oldestMillisAt(1_000)).isZero();
    task.underWay("past", Long.MIN_VALUE);
    task.publish();
    assertThat(task.oldestMillisAt(1_000)).isNotNegative();
    task.atRest("past");
    task.atRest("past");
    task.atRest("future");
    task.publish();
    assertThat(task.open()).isZero();
  }

  @Test
  void shouldKnowWhatIsOpenThoughItWaitsAtAHook() {
    TaskLoad task = new TaskLoad();
    task.underWay("a", 1_000);
    task.atRest("a");
    task.atRest("b");
    task.publish();
    assertThat(task.open()).as("under way").isZero();
    assertThat(task.isOpen("a")).isTrue();
    assertThat(task.isOpen("b")).isTrue();

    task.underWay("b", 1_000);
    task.underWay("b", 1_000);
    task.publish();
    assertThat(task.open()).as("under way").isEqualTo(1);

    task.ended("a");
    task.ended("b");
    task.ended("b");
    task.publish();
    assertThat(task.open()).as("under way").isZero();
    assertThat(task.isOpen("a")).isFalse();
    assertThat(task.isOpen("b")).isFalse();
    assertThat(task.oldestMillisAt(2_000)).isZero();
  }

  @Test
  void shouldShowTheSlowestTaskAndTheSumOfWhatIsOpen() throws Exception {
    LoadGauge gauge = new LoadGauge(() -> Instant.ofEpochMilli(10_000));
    TaskLoad fast = gauge.of(new TaskId(0, 0));
    TaskLoad slow = gauge.of(new TaskId(0, 1));
    fast.underWay("a", 9_984);
    slow.underWay("b", 5_120);
    slow.underWay("c", 9_984);
    for (int i = 0; i < 200; i++) {
      slow.arrived(7_000, 10_000);
    }
    fast.publish();
    slow.publish();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    AutoCloseable shown = gauge.show(meters);
    assertThat(meters.get(LoadGauge.QUEUE_DELAY).gauge().value()).isBetween(2.9, 3.0);
    assertThat(meters.get(LoadGauge.OPEN_EXCHANGES).gauge().value()).isEqualTo(3);
    assertThat(meters.get(LoadGauge.OLDEST_OPEN).gauge().value()).isEqualTo(4.88);
    gauge.closed(new TaskId(0, 1), slow);
    assertThat(gauge.openExchanges()).isEqualTo(1);
    assertThat(gauge.queueDelay()).isZero();
    shown.close();
    assertThat(meters.getMeters()).isEmpty();
  }
}
