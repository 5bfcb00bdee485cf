package io.millrace.workers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.plugin.model.ErrorCode;
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
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the worker of one provider measures. Every meter has the tag {@value #PROVIDER}; outcomes
 * are {@value #SUCCESS}, the codes of {@link ErrorCode}, and {@value #OTHER} for a plugin's own.
 */
final class WorkerMeters {

  /** Calls that ended; tag {@value #OUTCOME}. */
  static final String CALLS = "millrace.worker.calls";

  /** How long calls take. */
  static final String CALL_LATENCY = "millrace.worker.call.latency";

  /** Completions of models without a price: their cost is not in any figure. */
  static final String COST_UNKNOWN = "millrace.cost.unknown";

  /** Waits before a call is repeated, or for a key. */
  static final String RETRIES = "millrace.worker.retries";

  /** Repeats that were not made because the budget was used up. */
  static final String RETRIES_REFUSED = "millrace.worker.retries.refused";

  /** Calls that ended, by key; tags {@value #KEY} and {@value #OUTCOME}. */
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

  /** Second calls; tag {@value #OUTCOME}: {@value #WON}, {@value #LOST} or {@value #FAILED}. */
  static final String HEDGES = "millrace.worker.hedges";

  /** Dispatches that were not called because this process has done so, or is doing it. */
  static final String DEDUPLICATED = "millrace.worker.deduplicated";

  /** Dispatches that came after their deadline and were not called. */
  static final String EXPIRED = "millrace.worker.expired";

  /** Dispatches that were not called because their deadline comes before an answer usually does. */
  static final String UNATTAINABLE = "millrace.worker.unattainable";

  /** Dispatches that were not called because an operator has blocked their provider or model. */
  static final String BLOCKED = "millrace.worker.blocked";

  /** Dispatches that a worker gave back when it stopped: calls cut off, and what it held. */
  static final String HANDED_BACK = "millrace.worker.handed.back";

  /** Records that could not be used and went to the dead letters. */
  static final String DEAD_LETTERS = "millrace.worker.dead.letters";

  /** Sends to the broker that failed and are repeated. */
  static final String SEND_FAILURES = "millrace.worker.send.failures";

  /** Commits that failed; the next one covers them. */
  static final String COMMIT_FAILURES = "millrace.worker.commit.failures";

  /** Dispatches being worked on. */
  static final String IN_FLIGHT = "millrace.worker.in.flight";

  /** Partitions held back because their marks might not fit into a commit. */
  static final String PARTITIONS_HELD = "millrace.worker.partitions.held";

  static final String PROVIDER = "provider";
  static final String OUTCOME = "outcome";
  static final String SUCCESS = "success";
  static final String OTHER = "other";
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
  private final Tags tags;
  private final Timer latency;
  private final Counter retries;
  private final Counter costUnknown;
  private final Counter deduplicated;
  private final Counter expired;
  private final Counter unattainable;
  private final Counter blocked;
  private final Counter handedBack;
  private final Counter deadLetters;
  private final Counter sendFailures;
  private final Counter commitFailures;
  private final Counter retriesRefused;
  private final Counter circuitRefused;
  private final Set<String> models;
  private final Map<String, Counter> callsByOutcome = new ConcurrentHashMap<>();
  private final LaneMeters lanes;
  private final Map<KeyOutcome, Counter> callsByKey = new ConcurrentHashMap<>();
  private final List<Gauge> gauges = new CopyOnWriteArrayList<>();

  WorkerMeters(MeterRegistry registry, String provider) {
    this(registry, provider, List.of());
  }

  /**
   * Meters of a provider.
   *
   * @param models those that may stand in the tag {@value #MODEL}; others are {@value #OTHER}
   */
  WorkerMeters(MeterRegistry registry, String provider, Collection<String> models) {
    this.registry = registry;
    this.models = Set.copyOf(models);
    this.tags = Tags.of(Tag.of(PROVIDER, provider));
    this.latency = Timer.builder(CALL_LATENCY).tags(tags).register(registry);
    this.costUnknown = registry.counter(COST_UNKNOWN, tags);
    this.retries = registry.counter(RETRIES, tags);
    this.retriesRefused = registry.counter(RETRIES_REFUSED, tags);
    this.circuitRefused = registry.counter(CIRCUIT_REFUSED, tags);
    this.deduplicated = registry.counter(DEDUPLICATED, tags);
    this.expired = registry.counter(EXPIRED, tags);
    this.unattainable = registry.counter(UNATTAINABLE, tags);
    this.blocked = registry.counter(BLOCKED, tags);
    this.handedBack = registry.counter(HANDED_BACK, tags);
    this.deadLetters = registry.counter(DEAD_LETTERS, tags);
    this.sendFailures = registry.counter(SEND_FAILURES, tags);
    this.commitFailures = registry.counter(COMMIT_FAILURES, tags);
    this.lanes = new LaneMeters(registry, tags);
  }

  void called(ProviderReply reply, long nanos, @Nullable String keyName) {
    String outcome = outcomeOf(reply);
    latency.record(nanos, TimeUnit.NANOSECONDS);
    callsByOutcome
        .computeIfAbsent(outcome, o -> registry.counter(CALLS, tags.and(OUTCOME, o)))
        .increment();
    callsByKey
        .computeIfAbsent(
            new KeyOutcome(keyName == null ? NO_KEY : keyName, outcome), this::keyCounter)
        .increment();
  }

  private Counter keyCounter(KeyOutcome of) {
    return registry.counter(KEY_CALLS, tags.and(KEY, of.key(), OUTCOME, of.outcome()));
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
    registry.counter(HEDGES, tags.and(OUTCOME, outcome)).increment();
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

  private String bounded(String model) {
    return models.contains(model) ? model : OTHER;
  }

  private record KeyOutcome(String key, String outcome) {}

  /** How many calls have ended so far; 0 where nobody counts. */
  long callsSoFar() {
    return latency.count();
  }

  /** A completion was paid for at a price that nobody has said. */
  void costUnknown() {
    costUnknown.increment();
  }

  void retried() {
    retries.increment();
  }

  void deduplicated() {
    deduplicated.increment();
  }

  void expired() {
    expired.increment();
  }

  void unattainable() {
    unattainable.increment();
  }

  void blocked() {
    blocked.increment();
  }

  void handedBack(int dispatches) {
    handedBack.increment(dispatches);
  }

  /** What is measured of each lane. */
  LaneMeters lanes() {
    return lanes;
  }

  void deadLettered() {
    deadLetters.increment();
  }

  void sendFailed() {
    sendFailures.increment();
  }

  void commitFailed() {
    commitFailures.increment();
  }

  /** Reports a figure that somebody else keeps. */
  void gauge(String name, IntSupplier value) {
    gauges.add(Gauge.builder(name, value::getAsInt).tags(tags).register(registry));
  }

  /** Takes the gauges away, for what they report on is gone; counters stay. */
  void close() {
    gauges.forEach(registry::remove);
    lanes.close();
  }

  private static String outcomeOf(ProviderReply reply) {
    return switch (reply) {
      case ProviderReply.Success success -> SUCCESS;
      case ProviderReply.Failure failure -> {
        String code = failure.error().code();
        yield ErrorCode.ofWireName(code).isPresent() ? code : OTHER;
      }
    };
  }
}
