package io.millrace.workers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.ProviderReply;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

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

  /** Records that were given up because no repetition can send them; tag {@value #REASON}. */
  static final String UNSENDABLE = "millrace.worker.unsendable";

  /** Commits that failed; the next one covers them. */
  static final String COMMIT_FAILURES = "millrace.worker.commit.failures";

  /** Dispatches being worked on. */
  static final String IN_FLIGHT = "millrace.worker.in.flight";

  /** Dispatches that wait until their model may be called again; they have no place in flight. */
  static final String POSTPONED = "millrace.worker.postponed";

  /** Partitions held back because their marks might not fit into a commit. */
  static final String PARTITIONS_HELD = "millrace.worker.partitions.held";

  static final String PROVIDER = "provider";
  static final String OUTCOME = "outcome";
  static final String REASON = "reason";
  static final String SUCCESS = "success";
  static final String OTHER = "other";

  private final MeterRegistry registry;
  private final CallMeters callMeters;
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
  private final Map<String, Counter> callsByOutcome = new ConcurrentHashMap<>();
  private final LaneMeters lanes;
  private final List<Gauge> gauges = new CopyOnWriteArrayList<>();

  WorkerMeters(MeterRegistry registry, String provider) {
    this(registry, provider, List.of());
  }

  /**
   * Meters of a provider.
   *
   * @param models those that may stand in a tag; others are {@value #OTHER}
   */
  WorkerMeters(MeterRegistry registry, String provider, Collection<String> models) {
    this.registry = registry;
    this.callMeters = new CallMeters(registry, provider, models);
    this.tags = Tags.of(Tag.of(PROVIDER, provider));
    this.latency = Timer.builder(CALL_LATENCY).tags(tags).register(registry);
    this.costUnknown = registry.counter(COST_UNKNOWN, tags);
    this.retries = registry.counter(RETRIES, tags);
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

  void called(ProviderReply reply, long nanos) {
    latency.record(nanos, TimeUnit.NANOSECONDS);
    callsByOutcome
        .computeIfAbsent(
            outcomeOf(reply), outcome -> registry.counter(CALLS, tags.and(OUTCOME, outcome)))
        .increment();
  }

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

  void unsendable(UnsendableException.Reason reason) {
    registry
        .counter(UNSENDABLE, tags.and(REASON, reason.name().toLowerCase(Locale.ROOT)))
        .increment();
  }

  void commitFailed() {
    commitFailures.increment();
  }

  /** What is measured of keys, circuits and places. */
  CallMeters calls() {
    return callMeters;
  }

  /** Reports a figure that somebody else keeps. */
  void gauge(String name, IntSupplier value) {
    gauges.add(Gauge.builder(name, value::getAsInt).tags(tags).register(registry));
  }

  /** Takes the gauges away, for what they report on is gone; counters stay. */
  void close() {
    gauges.forEach(registry::remove);
    callMeters.close();
    lanes.close();
  }

  /** The value of the tag {@value #OUTCOME}. */
  static String outcomeOf(ProviderReply reply) {
    return switch (reply) {
      case ProviderReply.Success success -> SUCCESS;
      case ProviderReply.Failure failure -> boundedCode(failure.error().code());
    };
  }

  private static String boundedCode(String code) {
    return ErrorCode.ofWireName(code).isPresent() ? code : OTHER;
  }
}
