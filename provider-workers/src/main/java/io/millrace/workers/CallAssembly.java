package io.millrace.workers;

import io.millrace.plugin.provider.Provider;
import io.millrace.schemas.health.ProviderHealthView;
import java.util.function.DoubleSupplier;

/** Puts together what carries out the attempts of one provider. */
final class CallAssembly {

  private final ProviderSetting setting;
  private final TimeSource time;
  private final WorkerMeters meters;
  private final KeyPool keys;
  private final ModelGates gates;
  private final Backoff backoff;

  /**
   * An assembly; its executors share keys and gates.
   *
   * @param random values from 0 inclusive to 1 exclusive; thread-safe
   * @param process what events call this process
   */
  CallAssembly(
      String provider,
      ProviderSetting setting,
      ProviderHealthView health,
      DoubleSupplier random,
      TimeSource time,
      WorkerMeters meters,
      String process,
      WorkerEvents events) {
    this.setting = setting;
    this.time = time;
    this.meters = meters;
    this.keys = new KeyPool(provider, setting.keys(), setting.keyRecovery(), random);
    this.gates =
        new ModelGates(provider, setting, health, random, time, meters.calls(), process, events);
    RetrySetting retries = setting.retries();
    this.backoff = new Backoff(retries.initialBackoff(), retries.maxBackoff(), random);
    for (PooledKey key : keys.keys()) {
      String name = key.name();
      if (name != null) {
        meters.calls().keyGauge(name, () -> KeyPool.usable(key, time.steadyNow()));
      }
    }
  }

  /** What carries out attempts by calling this. */
  CallExecutor executor(Provider provider) {
    Caller measured = new MeasuredCaller(new ProviderCaller(provider), setting, keys, time, meters);
    Caller caller =
        setting.controls().hedge().enabled()
            ? new HedgedCaller(measured, gates, keys, time, meters.calls())
            : measured;
    return new CallExecutor(caller, setting, keys, gates, backoff, time, meters);
  }
}
