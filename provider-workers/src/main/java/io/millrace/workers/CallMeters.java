package io.millrace.workers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.schemas.avro.Lane;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of what holds calls to one provider back. Every meter has the tag {@link
 * WorkerMeters#PROVIDER}; keys and models come from the configuration, so their number is bounded.
 * Thread-safe.
 */
final class CallMeters {

  /** Repeats that were not made because the budget was used up. */
  static final String RETRIES_REFUSED = "millrace.worker.retries.refused";

  /** Calls that ended, by key; tags {@value #KEY} and {@link WorkerMeters#OUTCOME}. */
  static final String KEY_CALLS = "millrace.worker.key.calls";

  /** 1 while a key may be used, 0 while it rests or is refused; tag {@value #KEY}. */
  static final String KEY_USABLE = "millrace.worker.key.usable";

  /** How often calls to a model were stopped; tag {@value #MODEL}. */
  static final String CIRCUIT_OPENED = "millrace.worker.circuit.opened";

  /** Attempts that ended, or went to a fallback, because calls to their model were stopped. */
  static final String CIRCUIT_REFUSED = "millrace.worker.circuit.refused";

  /** The share of calls to a model that pass, 0 to 1; tag {@value #MODEL}. */
  static final String CIRCUIT_SHARE = "millrace.worker.circuit.share";

  /** How many calls to a model may run at once; tag {@value #MODEL}. */
  static final String CONCURRENCY_LIMIT = "millrace.worker.concurrency.limit";

  /** How long calls waited for a place, where they did; tag {@value #LANE}. */
  static final String CONCURRENCY_WAIT = "millrace.worker.concurrency.wait";

  /** Second calls; the outcome is {@value #WON}, {@value #LOST} or {@value #FAILED}. */
  static final String HEDGES = "millrace.worker.hedges";

  static final String KEY = "key";
  static final String MODEL = "model";
  static final String LANE = "lane";

  /** The second call was first to succeed. */
  static final String WON = "won";

  /** The first call was. */
  static final String LOST = "lost";

  /** Neither succeeded. */
  static final String FAILED = "failed";

  /** The value of the tag {@value #KEY} where a provider needs none. */
  static final String NO_KEY = "none";

  private final MeterRegistry registry;
  private final String provider;
  private final Tags tags;
  private final Set<String> models;
  private final Counter retriesRefused;
  private final Counter circuitRefused;
  private final Map<KeyOutcome, Counter> callsByKey = new ConcurrentHashMap<>();
  private final List<Gauge> gauges = new CopyOnWriteArrayList<>();

  CallMeters(MeterRegistry registry, String provider, Collection<String> models) {
    this.registry = registry;
    this.provider = provider;
    this.tags = Tags.of(WorkerMeters.PROVIDER, provider);
    this.models = Set.copyOf(models);
    this.retriesRefused = registry.counter(RETRIES_REFUSED, tags);
    this.circuitRefused = registry.counter(CIRCUIT_REFUSED, tags);
  }

  void called(@Nullable String keyName, ProviderReply reply) {
    String key = keyName == null ? NO_KEY : keyName;
    callsByKey
        .computeIfAbsent(new KeyOutcome(key, WorkerMeters.outcomeOf(reply)), this::keyCounter)
        .increment();
  }

  void retryRefused() {
    retriesRefused.increment();
  }

  void circuitOpened(String model) {
    registry.counter(CIRCUIT_OPENED, tags.and(MODEL, bounded(model))).increment();
  }

  void circuitRefused() {
    circuitRefused.increment();
  }

  void waitedForPlace(Lane lane, long nanos) {
    Timer.builder(CONCURRENCY_WAIT)
        .tags(tags.and(LANE, lane.name().toLowerCase(Locale.ROOT)))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  void hedged(String outcome) {
    registry.counter(HEDGES, tags.and(WorkerMeters.OUTCOME, outcome)).increment();
  }

  /** Reports a figure of a configured model that somebody else keeps. */
  void modelGauge(String name, String model, DoubleSupplier value) {
    gauges.add(
        Gauge.builder(name, value::getAsDouble).tags(tags.and(MODEL, model)).register(registry));
  }

  /** Reports whether a key may be used. */
  void keyGauge(String key, BooleanSupplier usable) {
    gauges.add(
        Gauge.builder(KEY_USABLE, () -> usable.getAsBoolean() ? 1 : 0)
            .tags(tags.and(KEY, key))
            .register(registry));
  }

  /** A provider's model for a person: callers' own inventions are not written into logs. */
  String nameOf(String model) {
    return provider + "/" + bounded(model);
  }

  /** Takes the gauges away, for what they report on is gone; counters stay. */
  void close() {
    gauges.forEach(registry::remove);
  }

  private Counter keyCounter(KeyOutcome of) {
    return registry.counter(KEY_CALLS, tags.and(KEY, of.key(), WorkerMeters.OUTCOME, of.outcome()));
  }

  private String bounded(String model) {
    return models.contains(model) ? model : WorkerMeters.OTHER;
  }

  private record KeyOutcome(String key, String outcome) {}
}
