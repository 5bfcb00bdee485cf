package io.millrace.workers.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.workers.gate.CircuitSetting.OnOpen;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GateSettingsTest {

  @Test
  void shouldHaveTheseDefaults() {
    assertThat(CallControls.defaults())
        .isEqualTo(
            new CallControls(
                new CircuitSetting(
                    true,
                    0.5,
                    20,
                    10,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(5),
                    OnOpen.WAIT,
                    Duration.ofSeconds(30)),
                new ConcurrencySetting(true),
                new HedgeSetting(false, null, 0.05),
                Map.of()));
    assertThat(RetryBudgetSetting.defaults()).isEqualTo(new RetryBudgetSetting(0.2, 10));
  }

  @Test
  void shouldNameTheFaultWhenAValueIsOutOfBounds() {
    assertThatThrownBy(() -> circuit(Double.NaN, 20, Duration.ofSeconds(30)))
        .hasMessage("circuit: failureRate must be more than 0, up to 1");
    assertThatThrownBy(() -> circuit(0.5, 0, Duration.ofSeconds(30)))
        .hasMessage("circuit: minCalls must be 1 to 10000");
    assertThatThrownBy(() -> circuit(0.5, 20, Duration.ofMillis(999)))
        .hasMessage("circuit: window must be 1 s to 1 h");
    assertThatThrownBy(() -> new HedgeSetting(true, Duration.ZERO, 0.05))
        .hasMessage("hedge: after must be more than 0, is PT0S");
    assertThatThrownBy(() -> new HedgeSetting(true, null, Double.NaN))
        .hasMessage("hedge: maxShare must be 0 to 1, is NaN");
    assertThatThrownBy(() -> new RetryBudgetSetting(-0.1, 10))
        .hasMessage("retry budget: share must be 0 to 20, is -0.1");
    assertThatThrownBy(() -> new RetryBudgetSetting(0.1, 10_001))
        .hasMessage("retry budget: minPerSecond must be 0 to 10000, is 10001");
    CallControls defaults = CallControls.defaults();
    assertThatThrownBy(() -> defaults.withTimeouts(Map.of("m", Duration.ZERO)))
        .hasMessage("the timeout of model m must be more than 0, is PT0S");
  }

  private static CircuitSetting circuit(double rate, int minCalls, Duration window) {
    CircuitSetting d = CircuitSetting.defaults();
    return new CircuitSetting(
        true,
        rate,
        minCalls,
        d.consecutiveFailures(),
        window,
        d.openFor(),
        d.maxOpenFor(),
        d.recoveryStep(),
        d.onOpen(),
        d.maxWait());
  }
}
