package io.millrace.analytics.health;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.schemas.avro.ProviderHealth;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Health as metrics, with the tags {@code provider} and {@code model}: at most {@link
 * HealthProcessor#MAX_MODELS} of them in a task. Thread-safe.
 */
final class HealthMeters {

  /** Which share of its traffic a model gets: 1 in rotation, 0 while it is down. */
  static final String ADMIT_SHARE = "millrace.provider.health.admit.share";

  /** Share of the last minute's calls that succeeded. */
  static final String SUCCESS_RATE = "millrace.provider.health.success.rate";

  /** 95th percentile of the last minute, in seconds. */
  static final String LATENCY_P95 = "millrace.provider.health.latency.p95";

  /** Calls in flight, on average. */
  static final String LOAD = "millrace.provider.health.load";

  /** Times that a model went down. */
  static final String DOWNS = "millrace.provider.health.downs";

  /** Calls that ended too long ago to say how a provider is now. */
  static final String STALE = "millrace.provider.health.stale";

  /** Calls of models that are not watched: too many at once. */
  static final String REFUSED = "millrace.provider.health.refused";

  private static final double MICROS_PER_SECOND = 1_000_000;

  private final MeterRegistry registry;
  private final Counter downs;
  private final Counter stale;
  private final Counter refused;

  HealthMeters(MeterRegistry registry) {
    this.registry = registry;
    this.downs = registry.counter(DOWNS);
    this.stale = registry.counter(STALE);
    this.refused = registry.counter(REFUSED);
  }

  void down() {
    downs.increment();
  }

  void stale() {
    stale.increment();
  }

  void refused() {
    refused.increment();
  }

  /** Shows a model until what is returned is run. */
  Runnable show(ModelHealth health) {
    List<Meter> gauges =
        List.of(
            gauge(health, ADMIT_SHARE, ProviderHealth::getAdmitShare),
            gauge(health, SUCCESS_RATE, ProviderHealth::getSuccessRate),
            gauge(health, LATENCY_P95, shown -> shown.getLatencyP95Micros() / MICROS_PER_SECOND),
            gauge(health, LOAD, ProviderHealth::getLoad));
    return () -> gauges.forEach(registry::remove);
  }

  private Meter gauge(ModelHealth health, String name, ToDoubleFunction<ProviderHealth> value) {
    return Gauge.builder(name, health, shown -> value.applyAsDouble(shown.published()))
        .tags(Tags.of("provider", health.provider(), "model", health.model()))
        .strongReference(true)
        .register(registry);
  }
}
