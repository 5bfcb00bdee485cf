package io.millrace.workers;

import static io.millrace.workers.ScriptedProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.ProviderHealth;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is let through to a model: by the health that others found, and by the places there are. */
class ModelGateTest extends CallFixture {

  private final ScriptedProvider provider = new ScriptedProvider();

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

  private CallExecutor executor(ProviderSetting setting) {
    return executor(provider, setting);
  }

  private double share() {
    return meters.get(CallMeters.CIRCUIT_SHARE).tag("model", "m").gauge().value();
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
}
