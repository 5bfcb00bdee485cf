package io.millrace.workers;

import static io.millrace.workers.ScriptedProvider.failure;
import static io.millrace.workers.ScriptedProvider.rateLimited;
import static io.millrace.workers.ScriptedProvider.rejectedKey;
import static io.millrace.workers.ScriptedProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderHealthView;
import io.millrace.schemas.model.TrustedRecords;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.CircuitSetting;
import io.millrace.workers.gate.CircuitSetting.OnOpen;
import io.millrace.workers.gate.RetryBudgetSetting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds an attempt's calls back: budget, circuit, shared health, time-outs, keys' meters. */
class CallControlTest {

  private static final Duration TIME = Duration.ofSeconds(60);
  private static final ProviderSetting SETTING =
      ProviderSetting.of("scripted").withModels(List.of("m"));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeTime time = new FakeTime();
  private final ScriptedProvider provider = new ScriptedProvider();
  private final ToldEvents told = new ToldEvents();
  private @Nullable ProviderHealth health;

  static {
    TrustedRecords.trust();
  }

  @Test
  void shouldEndAtOnceWhenTheRetryBudgetIsUsedUp() {
    provider.then(request -> serverError());
    CallResult result = executor(SETTING.withRetries(retries(0, 0))).execute(order());
    assertThat(error(result).code()).isEqualTo("upstream_error");
    assertThat(provider.requests()).hasSize(1);
    assertThat(time.sleeps()).isEmpty();
    assertThat(counted(CallMeters.RETRIES_REFUSED)).isOne();
  }

  @Test
  void shouldBoundRepeatsOverAllAttempts() {
    CallExecutor executor =
        executor(SETTING.withRetries(retries(0.5, 0)).withControls(withoutCircuit()));
    for (int i = 0; i < 40; i++) {
      for (int call = 0; call < 3; call++) {
        provider.then(request -> serverError());
      }
      executor.execute(order());
    }
    assertThat(provider.requests().size()).isBetween(41, 60);
  }

  @Test
  void shouldWaitForAKeyWithoutTheBudgetWhenNothingWasCalledYet() {
    provider.then(request -> rateLimited(Duration.ofSeconds(2)));
    CallExecutor executor = executor(SETTING.withRetries(retries(0, 0)));
    assertThat(error(executor.execute(order())).code()).isEqualTo("upstream_rate_limited");
    assertThat(completed(executor.execute(order()))).isTrue();
    assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(2));
  }

  @Test
  void shouldPayOnceForARepeatThatWaitsForAKeyToo() {
    CallExecutor executor =
        executor(
            SETTING
                .withControls(withoutCircuit())
                .withRetries(
                    new RetrySetting(
                        2,
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        new RetryBudgetSetting(0.5, 0))));
    provider.then(
        request -> {
          // Meanwhile another attempt has the key rest for longer than this one's back-off.
          provider.then(other -> rateLimited(Duration.ofSeconds(100)));
          provider.then(again -> ScriptedProvider.success());
          executor.execute(orderUntil(time.now().plusSeconds(50)));
          return serverError();
        });
    assertThat(completed(executor.execute(orderUntil(time.now().plusSeconds(500))))).isTrue();
    assertThat(time.sleeps()).containsExactly(Duration.ofMillis(1), Duration.ofMillis(99_999));
    assertThat(counted(CallMeters.RETRIES_REFUSED)).isZero();
  }

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
  void shouldOpenWhenOthersFoundTheModelDownAndProbeAllTheSame() {
    health = health(HealthState.DOWN, 0, time.now().toEpochMilli());
    CallExecutor executor = executor(SETTING);
    CallResult refused = executor.execute(order().in(Lane.STANDARD, false));
    assertThat(error(refused).code()).isEqualTo("circuit_open");
    assertThat(refused.calls()).isEmpty();
    time.pass(Duration.ofSeconds(5));
    assertThat(completed(executor.execute(order().in(Lane.STANDARD, false)))).isTrue();
    assertThat(share()).isEqualTo(0.1);
  }

  @Test
  void shouldProbeAtOnceWhenOthersFoundThatItRecovers() {
    health = health(HealthState.DOWN, 0, time.now().toEpochMilli());
    CallExecutor executor = executor(SETTING);
    executor.execute(order().in(Lane.STANDARD, false));
    time.pass(Duration.ofSeconds(1));
    health = health(HealthState.RECOVERING, 0.1, time.now().toEpochMilli());
    assertThat(completed(executor.execute(order().in(Lane.STANDARD, false)))).isTrue();
  }

  @Test
  void shouldLetTheSharePassThatOthersFound() throws InterruptedException {
    health = health(HealthState.RECOVERING, 0.5, time.now().toEpochMilli());
    ModelGate gate = gates(SETTING).of("m");
    assertThat(gate.enter(order(), TIME)).isInstanceOf(ModelGate.Entry.Open.class);
    int passed = 0;
    for (int i = 0; i < 1_000; i++) {
      CallOrder order = order("t/r" + i + "#1", time.now().plus(TIME));
      ModelGate.Entry entry = gate.enter(order, TIME);
      assertThat(gate.enter(order, TIME)).hasSameClassAs(entry);
      passed += entry instanceof ModelGate.Entry.Open ? 1 : 0;
    }
    assertThat(passed).isBetween(430, 500); // the rest of the thousand places is taken
  }

  @Test
  void shouldNotHeedAShareThatNobodyRenews() throws InterruptedException {
    health = health(HealthState.RECOVERING, 0, time.now().toEpochMilli());
    ModelGate gate = gates(SETTING).of("m");
    gate.enter(order(), TIME);
    assertThat(gate.enter(order(), TIME)).isInstanceOf(ModelGate.Entry.Closed.class);
    time.pass(Duration.ofMinutes(3));
    assertThat(gate.enter(order(), TIME)).isInstanceOf(ModelGate.Entry.Open.class);
  }

  @Test
  void shouldGiveAModelItsOwnTime() {
    CallExecutor executor =
        executor(
            SETTING.withControls(
                CallControls.defaults().withTimeouts(Map.of("m", Duration.ofSeconds(3)))));
    executor.execute(order());
    assertThat(provider.requests().getFirst().timeout()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void shouldNotCallInALoopWhenAProviderAsksForNoRest() {
    for (int i = 0; i < 100; i++) {
      provider.then(request -> rateLimited(Duration.ZERO));
    }
    CallResult result = executor(SETTING.withKeys(keys("a", "b"))).execute(order());
    assertThat(error(result).code()).isEqualTo("upstream_rate_limited");
    assertThat(result.calls()).hasSize(6);
    assertThat(time.sleeps()).containsExactly(Duration.ofMillis(10), Duration.ofMillis(10));
  }

  @Test
  void shouldUseAKeyAgainInTimeWhenTheClockIsSetBack() {
    provider.then(request -> rejectedKey(401));
    CallExecutor executor = executor(SETTING.withKeys(keys("a", "b")));
    executor.execute(order());
    time.setBack(Duration.ofDays(1));
    time.pass(Duration.ofMinutes(5));
    executor.execute(order());
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b", "secret-a");
  }

  @Test
  void shouldMeasureTheWaitForAPlace() throws InterruptedException {
    ModelGate gate = gates(SETTING.withMaxInFlight(1)).of("m");
    assertThat(gate.enter(order(), TIME)).isInstanceOf(ModelGate.Entry.Open.class);
    CallOrder urgent = order().in(Lane.INTERACTIVE, true);
    assertThat(gate.enter(urgent, Duration.ofMillis(1))).isInstanceOf(ModelGate.Entry.Full.class);
    assertThat(
            meters
                .get(CallMeters.CONCURRENCY_WAIT)
                .tags("provider", "p", "lane", "interactive")
                .timer()
                .count())
        .isOne();
  }

  @Test
  void shouldCountCallsByKeyWithoutTheKey() {
    provider.then(request -> rejectedKey(401));
    executor(SETTING.withKeys(keys("a", "b"))).execute(order());
    assertThat(keyCalls("a", "upstream_credentials_exhausted")).isOne();
    assertThat(keyCalls("b", "success")).isOne();
    assertThat(meters.get(CallMeters.KEY_USABLE).tag("key", "a").gauge().value()).isZero();
    assertThat(meters.get(CallMeters.KEY_USABLE).tag("key", "b").gauge().value()).isOne();
    time.pass(Duration.ofMinutes(5));
    assertThat(meters.get(CallMeters.KEY_USABLE).tag("key", "a").gauge().value()).isOne();
    assertThat(meters.getMeters())
        .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain("secret"));
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

  @Test
  void shouldForgetTheModelThatWasLongestWithoutACall() {
    ModelGates gates = gates(SETTING);
    ModelGate first = gates.of("first");
    for (int i = 0; i < ModelGates.MAX_MODELS - 1; i++) {
      gates.of("model-" + i);
    }
    assertThat(gates.of("first")).isSameAs(first);
    gates.of("one more");
    gates.of("and another");
    assertThat(gates.of("first")).isSameAs(first);
  }

  @Test
  void shouldSlowDownWhenTheProviderIsOverloaded() {
    provider.then(request -> serverError());
    CallExecutor executor = executor(SETTING.withMaxInFlight(50));
    executor.execute(order());
    assertThat(meters.get(CallMeters.CONCURRENCY_LIMIT).tag("model", "m").gauge().value())
        .isLessThan(50);
  }

  private void open(CallExecutor executor) {
    for (int i = 0; i < 10; i++) {
      provider.then(request -> serverError());
      executor.execute(order());
    }
  }

  private CallExecutor executor(ProviderSetting setting) {
    return new CallAssembly(
            "p", setting, view(), () -> Math.nextDown(0.5), time, workerMeters(), "w", told)
        .executor(provider);
  }

  private ModelGates gates(ProviderSetting setting) {
    return new ModelGates("p", setting, view(), () -> 0.5, time, workerMeters().calls(), "w", told);
  }

  private WorkerMeters workerMeters() {
    return new WorkerMeters(meters, "p", List.of("m"));
  }

  private ProviderHealthView view() {
    return (name, model) -> Optional.ofNullable(health);
  }

  private double share() {
    return meters.get(CallMeters.CIRCUIT_SHARE).tag("model", "m").gauge().value();
  }

  private double keyCalls(String key, String outcome) {
    return meters.get(CallMeters.KEY_CALLS).tags("key", key, "outcome", outcome).counter().count();
  }

  private double counted(String meter) {
    return meters.get(meter).counter().count();
  }

  private CallOrder order() {
    return orderUntil(time.now().plus(TIME));
  }

  private static CallOrder orderUntil(java.time.Instant deadline) {
    return order("t/r#1", deadline);
  }

  private static CallOrder order(String callId, java.time.Instant deadline) {
    return new CallOrder(CompletionRequest.of("m", "hi"), "m", callId, deadline, null);
  }

  private static RetrySetting retries(double share, int perSecond) {
    return new RetrySetting(
        2, Duration.ofMillis(1), Duration.ofMillis(1), new RetryBudgetSetting(share, perSecond));
  }

  private static CallControls withoutCircuit() {
    return CallControls.defaults().withCircuit(CircuitSetting.off());
  }

  private static List<ApiKeySetting> keys(String... names) {
    return java.util.Arrays.stream(names)
        .map(name -> ApiKeySetting.of(name, "secret-" + name))
        .toList();
  }

  private static ProviderHealth health(HealthState state, double share, long atMillis) {
    return ProviderHealth.newBuilder()
        .setProvider("p")
        .setModel("m")
        .setState(state)
        .setAdmitShare(share)
        .setSuccessRate(0)
        .setCalls(10)
        .setLatencyP50Micros(1)
        .setLatencyP95Micros(1)
        .setLatencyRecentMeanMicros(1)
        .setSinceMillis(atMillis)
        .setAtMillis(atMillis)
        .build();
  }

  private static boolean completed(CallResult result) {
    return result instanceof CallResult.Finished finished
        && finished.outcome() instanceof Completion;
  }

  private static PipelineError error(CallResult result) {
    assertThat(result).isInstanceOf(CallResult.Finished.class);
    assertThat(((CallResult.Finished) result).outcome()).isInstanceOf(PipelineError.class);
    return (PipelineError) ((CallResult.Finished) result).outcome();
  }
}
