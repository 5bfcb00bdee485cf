package io.millrace.workers;

import static io.millrace.workers.ScriptedProvider.failure;
import static io.millrace.workers.ScriptedProvider.rateLimited;
import static io.millrace.workers.ScriptedProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.schemas.avro.Lane;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.CircuitSetting;
import io.millrace.workers.gate.CircuitSetting.OnOpen;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of attempts while the circuit of their model is open, and what opens it. */
class CallCircuitTest extends CallFixture {

  private final ScriptedProvider provider = new ScriptedProvider();

  @Test
  void shouldGoToTheFallbackAtOnceWhenTheCircuitIsOpen() {
    CallExecutor executor = executor(SETTING.withRetries(RetrySetting.none()));
    open(executor);
    int before = provider.requests().size();
    CallResult result = executor.execute(order().in(Lane.STANDARD, false));
    assertThat(error(result).code()).isEqualTo("circuit_open");
    assertThat(error(result).mayFallBack()).isTrue();
    assertThat(error(result).httpStatus()).isEqualTo(503);
    assertThat(error(result).retryAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(result.calls()).isEmpty();
    assertThat(provider.requests()).hasSize(before);
    assertThat(counted(CallMeters.CIRCUIT_REFUSED)).isOne();
    assertThat(meters.get(CallMeters.CIRCUIT_OPENED).tag("model", "m").counter().count()).isOne();
    assertThat(share()).isZero();
  }

  @Test
  void shouldPostponeAndProbeWhenThereIsNoFallback() {
    CallExecutor executor = executor(SETTING.withRetries(RetrySetting.none()));
    open(executor);
    assertThat(executor.execute(order()))
        .isEqualTo(new CallResult.Postponed(Duration.ofSeconds(5), List.of()));
    time.pass(Duration.ofSeconds(5));
    assertThat(completed(executor.execute(order().after(Duration.ofSeconds(5), 0)))).isTrue();
    assertThat(time.sleeps()).isEmpty();
    assertThat(share()).isEqualTo(0.1);
  }

  @Test
  void shouldPostponeABatchUpToItsDeadlineAndOthersUpToTheLongestWait() {
    CallExecutor executor = executor(SETTING.withRetries(RetrySetting.none()));
    open(executor);
    CallOrder patient = order().after(Duration.ofSeconds(26), 0);
    assertThat(error(executor.execute(patient)).code()).isEqualTo("circuit_open");
    assertThat(executor.execute(order().after(Duration.ofSeconds(25), 0)))
        .isInstanceOf(CallResult.Postponed.class);
    assertThat(executor.execute(patient.in(Lane.BATCH, true)))
        .isInstanceOf(CallResult.Postponed.class);
    CallOrder hasty = orderUntil(time.now().plusSeconds(5)).in(Lane.BATCH, true);
    assertThat(error(executor.execute(hasty)).code()).isEqualTo("circuit_open");
  }

  @Test
  void shouldRecordTheCallsOfAnAttemptThatIsPostponed() {
    CallExecutor executor = executor(SETTING);
    for (int i = 0; i < 12; i++) {
      provider.then(request -> serverError());
    }
    for (int i = 0; i < 3; i++) {
      executor.execute(order().in(Lane.STANDARD, false));
    }
    CallResult result = executor.execute(order());
    assertThat(result).isInstanceOf(CallResult.Postponed.class);
    assertThat(result.calls()).hasSize(1);
  }

  @Test
  void shouldNotWaitWhenConfiguredSoOrWhenItWouldTakeTooLong() {
    CallExecutor executor = executor(SETTING.withRetries(RetrySetting.none()));
    open(executor);
    CallOrder hasty = orderUntil(time.now().plusSeconds(5));
    assertThat(error(executor.execute(hasty)).code()).isEqualTo("circuit_open");
    assertThat(time.sleeps()).isEmpty();
    CircuitSetting d = CircuitSetting.defaults();
    CircuitSetting fails =
        new CircuitSetting(
            true,
            d.failureRate(),
            d.minCalls(),
            d.consecutiveFailures(),
            d.window(),
            d.openFor(),
            d.maxOpenFor(),
            d.recoveryStep(),
            OnOpen.FAIL,
            d.maxWait());
    CallExecutor failing =
        executor(
            SETTING
                .withRetries(RetrySetting.none())
                .withControls(CallControls.defaults().withCircuit(fails)));
    open(failing);
    assertThat(error(failing.execute(order())).code()).isEqualTo("circuit_open");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldNameTheLastErrorWhenTheCircuitOpensDuringTheAttempt() {
    CallExecutor executor = executor(SETTING);
    for (int i = 0; i < 12; i++) {
      provider.then(request -> serverError());
    }
    for (int i = 0; i < 3; i++) {
      executor.execute(order().in(Lane.STANDARD, false));
    }
    CallResult result = executor.execute(order().in(Lane.STANDARD, false));
    assertThat(result.calls()).hasSize(1);
    assertThat(error(result).code()).isEqualTo("upstream_error");
    assertThat(error(result).retryAfter()).isPositive();
  }

  @Test
  void shouldNotOpenForWhatTheProviderIsNotAtFaultFor() {
    CallExecutor executor =
        executor(SETTING.withRetries(RetrySetting.none()).withKeys(keys("a", "b")));
    for (int i = 0; i < 30; i++) {
      provider.then(
          request -> failure(FailureClass.REQUEST_REJECTED, ErrorCode.UPSTREAM_REJECTED, 400));
      provider.then(request -> rateLimited(Duration.ofMillis(1)));
      executor.execute(order());
      time.pass(Duration.ofSeconds(1));
    }
    assertThat(share()).isEqualTo(1);
  }

  @Test
  void shouldNotBlameTheProviderForCallersWithoutPatience() {
    CallExecutor executor = executor(SETTING.withRetries(RetrySetting.none()));
    for (int i = 0; i < 30; i++) {
      provider.then(request -> failure(FailureClass.TIMEOUT, ErrorCode.UPSTREAM_TIMEOUT, null));
      executor.execute(orderUntil(time.now().plusMillis(1)));
    }
    assertThat(share()).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      provider.then(request -> failure(FailureClass.TIMEOUT, ErrorCode.UPSTREAM_TIMEOUT, null));
      executor.execute(orderUntil(time.now().plusSeconds(61)));
    }
    assertThat(share()).isZero();
  }

  @Test
  void shouldTellWhatBecomesOfACircuit() {
    CallExecutor executor = executor(SETTING.withRetries(RetrySetting.none()));
    open(executor);
    provider.then(request -> serverError());
    executor.execute(order()); // waits, and the one call that is let through fails
    for (int call = 0; call < 8; call++) {
      time.pass(Duration.ofSeconds(6));
      executor.execute(order());
    }
    assertThat(told.types())
        .containsExactly(
            "circuit-opened",
            "circuit-half-opened",
            "circuit-reopened",
            "circuit-half-opened",
            "circuit-recovering",
            "circuit-closed");
    assertThat(told.attributes("since")).containsOnly(Long.toString(FakeTime.START.toEpochMilli()));
    assertThat(told.attributes("value").getLast()).isEqualTo("0");
    assertThat(told.attributes("process")).containsOnly("w");
  }

  @Test
  void shouldTellOfACircuitOnceASecondAtMost() {
    CircuitSetting d = CircuitSetting.defaults();
    Duration instant = Duration.ofMillis(1);
    CircuitSetting nervous =
        new CircuitSetting(
            true, 1, 1, 1, d.window(), instant, instant, instant, OnOpen.FAIL, Duration.ZERO);
    CallExecutor executor =
        executor(
            SETTING
                .withRetries(RetrySetting.none())
                .withControls(CallControls.defaults().withCircuit(nervous)));
    for (int call = 0; call < 300; call++) {
      if (call % 2 == 0) {
        provider.then(request -> serverError());
      }
      executor.execute(order());
      time.pass(Duration.ofMillis(10));
    }
    assertThat(told.types().size()).isBetween(2, 4);
  }

  private void open(CallExecutor executor) {
    for (int i = 0; i < 10; i++) {
      provider.then(request -> serverError());
      executor.execute(order());
    }
  }

  private CallExecutor executor(ProviderSetting setting) {
    return executor(provider, setting);
  }

  private double share() {
    return meters.get(CallMeters.CIRCUIT_SHARE).tag("model", "m").gauge().value();
  }
}
