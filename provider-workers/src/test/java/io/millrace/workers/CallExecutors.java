package io.millrace.workers;

import io.millrace.plugin.provider.Provider;
import io.millrace.schemas.health.ProviderHealthView;

/** What carries out attempts in tests that have no say in health, chance, time and events. */
final class CallExecutors {

  private CallExecutors() {}

  static CallExecutor of(ProviderSetting setting, Provider provider, WorkerMeters meters) {
    return new CallAssembly(
            "p",
            setting,
            ProviderHealthView.UNKNOWN,
            () -> 0,
            TimeSource.SYSTEM,
            meters,
            "w",
            WorkerEvents.NONE)
        .executor(provider);
  }
}
