package io.millrace.workers;

import io.millrace.plugin.provider.ProviderReply;
import io.millrace.schemas.avro.Lane;
import io.millrace.workers.KeyPool.Pick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a second call where an interactive one takes unusually long; the first success wins, and
 * the other is given up (Dean and Barroso, "The Tail at Scale", 2013). Never for streams: a chunk
 * that has left cannot be taken back. Thread-safe.
 */
final class HedgedCaller implements Caller {

  private final Caller caller;
  private final ModelGates gates;
  private final KeyPool keys;
  private final TimeSource time;
  private final CallMeters meters;

  HedgedCaller(Caller caller, ModelGates gates, KeyPool keys, TimeSource time, CallMeters meters) {
    this.caller = caller;
    this.gates = gates;
    this.keys = keys;
    this.time = time;
    this.meters = meters;
  }

  @Override
  public ProviderReply call(KeyedCall call) throws InterruptedException {
    CallOrder order = call.order();
    if (order.lane() != Lane.INTERACTIVE || order.chunks() != null) {
      return caller.call(call);
    }
    ModelGate gate = gates.of(order.model());
    gate.countHedgeable();
    Optional<Duration> after = gate.hedgeAfter();
    return after.isEmpty() ? caller.call(call) : new Race().run(call, gate, after.get());
  }

  /** The second call: with another key if there is one, else with the same. */
  private @Nullable KeyedCall second(KeyedCall first, ModelGate gate) {
    String model = first.order().model();
    PooledKey key = first.key();
    if (keys.pickOther(model, key, time.steadyNow()) instanceof Pick.Use(PooledKey other)) {
      key = other;
    } else if (!key.usable(model, time.steadyNow())) {
      return null;
    }
    PooledKey with = key;
    return gate.enterBeside()
        .map(pass -> new KeyedCall(first.order(), with, pass, first.log(), first.backoff()))
        .orElse(null);
  }

  /** One call, and possibly another. */
  private final class Race {

    private final List<Thread> threads = new ArrayList<>(2);

    ProviderReply run(KeyedCall first, ModelGate gate, Duration after) throws InterruptedException {
      try {
        CompletableFuture<ProviderReply> one = start(first);
        ProviderReply early = within(one, after);
        if (early != null) {
          return early;
        }
        KeyedCall second = second(first, gate);
        return second == null ? get(one) : firstSuccess(one, start(second));
      } finally {
        threads.forEach(Thread::interrupt);
      }
    }

    private CompletableFuture<ProviderReply> start(KeyedCall call) {
      CompletableFuture<ProviderReply> reply = new CompletableFuture<>();
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      reply.complete(caller.call(call));
                    } catch (InterruptedException e) {
                      reply.complete(CallLog.STOPPED);
                    } catch (Throwable e) {
                      reply.completeExceptionally(e);
                    }
                  }));
      return reply;
    }

    private ProviderReply firstSuccess(
        CompletableFuture<ProviderReply> one, CompletableFuture<ProviderReply> two)
        throws InterruptedException {
      get(CompletableFuture.anyOf(one, two).thenApply(ignored -> CallLog.STOPPED));
      boolean oneFirst = one.isDone();
      ProviderReply early = get(oneFirst ? one : two);
      if (early instanceof ProviderReply.Success) {
        return won(early, !oneFirst);
      }
      ProviderReply late = get(oneFirst ? two : one);
      if (late instanceof ProviderReply.Success) {
        return won(late, oneFirst);
      }
      meters.hedged(CallMeters.FAILED);
      return oneFirst ? early : late;
    }

    private ProviderReply won(ProviderReply reply, boolean bySecond) {
      meters.hedged(bySecond ? CallMeters.WON : CallMeters.LOST);
      return reply;
    }
  }

  private static @Nullable ProviderReply within(
      CompletableFuture<ProviderReply> reply, Duration patience) throws InterruptedException {
    try {
      return reply.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw rethrow(e);
    }
  }

  private static ProviderReply get(CompletableFuture<ProviderReply> reply)
      throws InterruptedException {
    try {
      return reply.get();
    } catch (ExecutionException e) {
      throw rethrow(e);
    }
  }

  private static RuntimeException rethrow(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
  }
}
