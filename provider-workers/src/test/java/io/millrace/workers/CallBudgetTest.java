package io.millrace.workers;

import static io.millrace.workers.ScriptedProvider.rateLimited;
import static io.millrace.workers.ScriptedProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.CircuitSetting;
import io.millrace.workers.gate.RetryBudgetSetting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How often calls are repeated before the budget for repeats says no. */
class CallBudgetTest extends CallFixture {

  private final ScriptedProvider provider = new ScriptedProvider();

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

  private CallExecutor executor(ProviderSetting setting) {
    return executor(provider, setting);
  }

  private static RetrySetting retries(double share, int perSecond) {
    return new RetrySetting(
        2, Duration.ofMillis(1), Duration.ofMillis(1), new RetryBudgetSetting(share, perSecond));
  }

  private static CallControls withoutCircuit() {
    return CallControls.defaults().withCircuit(CircuitSetting.off());
  }
}
