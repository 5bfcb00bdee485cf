package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.DurationText;
import io.millrace.launcher.config.ProviderSection;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.CircuitSetting;
import io.millrace.workers.gate.ConcurrencySetting;
import io.millrace.workers.gate.HedgeSetting;

/** What a provider's section says of how calls are held back or doubled. */
final class CallControlsOf {

  private static final String P95 = "p95";

  private CallControlsOf() {}

  static CallControls section(ProviderSection section) {
    ProviderSection.HedgeSection hedge = section.hedge();
    return new CallControls(
        circuit(section.circuit()),
        new ConcurrencySetting(section.concurrency().adaptive()),
        new HedgeSetting(
            hedge.enabled(),
            hedge.after().equals(P95) ? null : DurationText.parse(hedge.after()),
            hedge.maxShare()),
        section.timeouts());
  }

  private static CircuitSetting circuit(ProviderSection.CircuitSection section) {
    return new CircuitSetting(
        section.enabled(),
        section.failureRate(),
        section.minCalls(),
        section.consecutiveFailures(),
        section.window(),
        section.openFor(),
        section.maxOpenFor(),
        section.recoveryStep(),
        section.onOpen(),
        section.maxWait());
  }
}
