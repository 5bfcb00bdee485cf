package io.millrace.workers;

import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.schemas.health.AdmitShare;
import io.millrace.workers.gate.CallSlots;
import io.millrace.workers.gate.Circuit;
import io.millrace.workers.gate.HedgeSetting;
import io.millrace.workers.gate.Latencies;
import io.millrace.workers.gate.RetryBudget;
import io.millrace.workers.gate.Signal;
import io.millrace.workers.gate.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every call to one model passes: its circuit and its places; and what is known of its calls.
 * Thread-safe.
 */
final class ModelGate {

  private static final Logger LOG = LoggerFactory.getLogger(ModelGate.class);

  /** A wait without an end in sight ends after this, and the deadline is looked at again. */
  private static final Duration MAX_PATIENCE = Duration.ofHours(1);

  /** How far back hedges count. */
  private static final Duration HEDGE_WINDOW = Duration.ofMinutes(1);

  private final HedgeSetting hedge;
  private final TimeSource time;
  private final CallMeters meters;
  private final String model;
  private final ReplySigns signs;
  private final Circuit circuit;
  private final CircuitNews news;
  private final SharedHealth shared;
  private final CallSlots slots;
  private final RetryBudget retries;
  private final RetryBudget hedges;
  private final Latencies latencies = new Latencies();
  private final Latencies firstPieces = new Latencies();

  ModelGate(
      String model,
      ProviderSetting setting,
      SharedHealth shared,
      DoubleSupplier random,
      TimeSource time,
      CallMeters meters,
      CircuitNews news) {
    this.hedge = setting.controls().hedge();
    this.time = time;
    this.meters = meters;
    this.model = model;
    int keys = Math.max(1, (int) setting.keys().stream().filter(key -> key.allows(model)).count());
    this.signs = new ReplySigns(keys, setting.timeoutOf(model));
    this.circuit = new Circuit(setting.controls().circuit(), random);
    this.news = news;
    this.shared = shared;
    this.slots = new CallSlots(setting.controls().concurrency(), setting.maxInFlight(), keys);
    this.retries = new RetryBudget(setting.retries().budget());
    this.hedges = new RetryBudget(hedge.maxShare(), 1, HEDGE_WINDOW);
  }

  /** Whether a call may be made. */
  sealed interface Entry {

    /** It may, now. */
    record Open(Pass pass) implements Entry {}

    /** The model has failed; ask again after this. */
    record Closed(Duration pause) implements Entry {}

    /** No place came free in time. */
    record Full() implements Entry {}
  }

  /** Asks to make a call; waits for a place no longer than this. */
  Entry enter(CallOrder order, Duration patience) throws InterruptedException {
    if (shared.heed(circuit)) {
      opened("another instance found it down");
    }
    long closed = circuit.closedForNanos(time.nanoTime());
    news.look(circuit);
    if (closed > 0) {
      return new Entry.Closed(Duration.ofNanos(closed));
    }
    if (!takePlace(order, patience.compareTo(MAX_PATIENCE) > 0 ? MAX_PATIENCE : patience)) {
      return new Entry.Full();
    }
    return askCircuit(order);
  }

  /** Asks to make a second call beside one that is under way: only where there is plenty. */
  Optional<Pass> enterBeside() {
    long now = time.nanoTime();
    if (circuit.state(now) != Circuit.State.CLOSED || !slots.tryTake(now)) {
      return Optional.empty();
    }
    return switch (circuit.admit(0, 1, false, now)) {
      case Verdict.Admitted admitted when hedges.tryTake(now) -> Optional.of(new Pass(admitted));
      case Verdict.Admitted admitted -> {
        slots.release(0, now);
        var unused = circuit.ended(admitted, Signal.NOTHING, now); // it may be the probe
        yield Optional.empty();
      }
      case Verdict.Refused refused -> {
        slots.release(0, now);
        yield Optional.empty();
      }
    };
  }

  /** A first call of an attempt is about to be made. */
  void countFirstCall() {
    retries.called(time.nanoTime());
  }

  /** Whether a call may be repeated. */
  boolean tryRetry() {
    return retries.tryTake(time.nanoTime());
  }

  /** An attempt begins that might have a second call. */
  void countHedgeable() {
    hedges.called(time.nanoTime());
  }

  /**
   * How long a call is given before a second one is made; empty when that is not known yet.
   *
   * @param streamed whether it is given that to its first piece, not to its end
   */
  Optional<Duration> hedgeAfter(boolean streamed) {
    Duration fixed = hedge.after();
    if (fixed != null) {
      return Optional.of(fixed);
    }
    return streamed ? firstPieces.p95() : latencies.p95().or(shared::p95);
  }

  /** The share of calls that pass now, 0 to 1. */
  double share() {
    return circuit.share(time.nanoTime());
  }

  /** How many calls may run at once now. */
  int limit() {
    return slots.limit(time.nanoTime());
  }

  private void opened(String why) {
    meters.circuitOpened(model);
    LOG.warn(
        "calls to {} stop, because {}; the next one is tried in {} s at the latest",
        meters.nameOf(model),
        why,
        TimeUnit.NANOSECONDS.toSeconds(circuit.closedForNanos(time.nanoTime())) + 1);
  }

  private boolean takePlace(CallOrder order, Duration patience) throws InterruptedException {
    long from = time.nanoTime();
    if (slots.tryTake(from)) {
      return true;
    }
    try {
      return slots.take(order.lane(), order.tenant(), patience, from);
    } finally {
      meters.waitedForPlace(order.lane(), time.nanoTime() - from);
    }
  }

  private Entry askCircuit(CallOrder order) {
    long now = time.nanoTime();
    double place = AdmitShare.place(order.exchangeId());
    return switch (circuit.admit(place, shared.admitShare(), slots.inFlight() <= 1, now)) {
      case Verdict.Admitted admitted -> new Entry.Open(new Pass(admitted));
      case Verdict.Refused refused -> {
        slots.release(0, now);
        yield new Entry.Closed(Duration.ofNanos(refused.waitNanos()));
      }
    };
  }

  /** Leave to make one call. */
  final class Pass {

    private final Verdict.Admitted admitted;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Pass(Verdict.Admitted admitted) {
      this.admitted = admitted;
    }

    /** The call is streamed, and its first piece is there. */
    void began(long afterNanos) {
      firstPieces.add(afterNanos);
    }

    /** The call was not made. */
    void giveBack() {
      end(CallLog.STOPPED, Duration.ZERO, 0, null);
    }

    /**
     * The call has ended. Only the first time counts.
     *
     * @param given the most it was allowed to take
     */
    void end(ProviderReply reply, Duration given, long latencyNanos, @Nullable String keyName) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      long now = time.nanoTime();
      try {
        learn(reply, latencyNanos, keyName, now);
      } finally {
        slots.release(signs.refused(reply), now);
        if (circuit.ended(admitted, signs.signal(reply, given, latencies::p95), now)) {
          opened("too many of them failed");
        }
        news.look(circuit);
      }
    }

    private void learn(ProviderReply reply, long latencyNanos, @Nullable String keyName, long now) {
      long tokens = 0;
      if (reply instanceof ProviderReply.Success success) {
        latencies.add(latencyNanos);
        Usage usage = success.completion().usage();
        tokens = usage.promptTokens() + usage.completionTokens();
      }
      slots.told(keyName, reply.rateLimit(), tokens, now);
    }
  }
}
