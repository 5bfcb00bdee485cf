package io.millrace.workers;

import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderHealthView;
import io.millrace.workers.gate.Circuit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What all instances together have found of one model, from the provider-health topic, and what
 * this instance makes of it. Each change of state there acts once: who probes goes by the circuit
 * here, so a record that nobody renews holds nothing back for ever. Thread-safe.
 */
final class SharedHealth {

  /** A share older than this is not heeded: whoever worked it out may be gone. */
  private static final Duration MAX_AGE = Duration.ofMinutes(2);

  /** On fewer calls than this the latencies say little. */
  private static final int ENOUGH_CALLS = 20;

  private final ProviderHealthView view;
  private final String provider;
  private final String model;
  private final TimeSource time;
  private @Nullable HealthState heededState;
  private long heededSinceMillis;

  SharedHealth(ProviderHealthView view, String provider, String model, TimeSource time) {
    this.view = view;
    this.provider = provider;
    this.model = model;
    this.time = time;
  }

  /**
   * Tells the circuit what is new.
   *
   * @return whether that has opened it
   */
  boolean heed(Circuit circuit) {
    ProviderHealth health = view.of(provider, model).orElse(null);
    if (health == null) {
      return false;
    }
    HealthState before;
    synchronized (this) {
      if (health.getState() == heededState && health.getSinceMillis() == heededSinceMillis) {
        return false;
      }
      before = heededState;
      heededState = health.getState();
      heededSinceMillis = health.getSinceMillis();
    }
    if (health.getState() == HealthState.DOWN) {
      return circuit.openElsewhere(
          TimeUnit.MILLISECONDS.toNanos(ageMillis(health.getSinceMillis())), time.nanoTime());
    }
    if (before == HealthState.DOWN) {
      circuit.recoveredElsewhere(time.nanoTime());
    }
    return false;
  }

  /** The share of calls that may pass while it recovers, 0 to 1; 1 at all other times. */
  double admitShare() {
    return view.of(provider, model)
        .filter(health -> health.getState() == HealthState.RECOVERING)
        .filter(health -> ageMillis(health.getAtMillis()) <= MAX_AGE.toMillis())
        .map(health -> Math.clamp(health.getAdmitShare(), 0.0, 1.0))
        .orElse(1.0);
  }

  /** The 95th percentile of latency, where enough is known. */
  Optional<Duration> p95() {
    return view.of(provider, model)
        .filter(health -> health.getCalls() >= ENOUGH_CALLS && health.getLatencyP95Micros() > 0)
        .map(health -> Duration.ofNanos(health.getLatencyP95Micros() * 1_000));
  }

  private long ageMillis(long atMillis) {
    return Math.max(0, time.now().toEpochMilli() - atMillis);
  }
}
