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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes a second call where an interactive one takes unusually long; the first success wins, and
 * the other is given up (Dean and Barroso, "The Tail at Scale", 2013). Of streams the first with
 * something to show wins, for a chunk that has left cannot be taken back. Thread-safe.
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
    if (order.lane() != Lane.INTERACTIVE) {
      return caller.call(call);
    }
    ModelGate gate = gates.of(order.model());
    gate.countHedgeable();
    Optional<Duration> after = gate.hedgeAfter(call.chunks() != null);
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
    return gate.enterBeside().map(pass -> first.beside(with, pass)).orElse(null);
  }

  /** One call, and possibly another. */
  private final class Race {

    private final List<Runner> runners = new ArrayList<>(2);
    private final ReentrantLock lock = new ReentrantLock();

    /** Completed by the call whose chunks have begun to leave: nobody can overtake it any more. */
    private final CompletableFuture<KeyedCall> ahead = new CompletableFuture<>();

    ProviderReply run(KeyedCall first, ModelGate gate, Duration after) throws InterruptedException {
      try {
        CompletableFuture<ProviderReply> one = start(first);
        if (within(CompletableFuture.anyOf(one, ahead), after)) {
          return get(one);
        }
        KeyedCall second = second(first, gate);
        return second == null ? get(one) : firstSuccess(first, one, start(second));
      } finally {
        giveUp(null);
      }
    }

    private CompletableFuture<ProviderReply> start(KeyedCall call) {
      if (call.chunks() != null) {
        call.chunks()
            .onFirst(
                () -> {
                  ahead.complete(call);
                  giveUp(call);
                });
      }
      lock.lock();
      try {
        if (ahead.isDone()) {
          call.pass().giveBack();
          call.entry().withdraw();
          return CompletableFuture.completedFuture(CallLog.STOPPED);
        }
        CompletableFuture<ProviderReply> reply = new CompletableFuture<>();
        runners.add(new Runner(call, Thread.ofVirtual().start(() -> run(call, reply))));
        return reply;
      } finally {
        lock.unlock();
      }
    }

    private void run(KeyedCall call, CompletableFuture<ProviderReply> reply) {
      try {
        reply.complete(caller.call(call));
      } catch (InterruptedException e) {
        reply.complete(CallLog.STOPPED);
      } catch (Throwable e) {
        reply.completeExceptionally(e);
      }
    }

    /** Stops all calls but one: none of their chunks leaves from now on. */
    private void giveUp(@Nullable KeyedCall winner) {
      List<Runner> losers;
      lock.lock();
      try {
        losers = runners.stream().filter(runner -> !runner.call().equals(winner)).toList();
      } finally {
        lock.unlock();
      }
      losers.forEach(Runner::stop);
    }

    private ProviderReply firstSuccess(
        KeyedCall first, CompletableFuture<ProviderReply> one, CompletableFuture<ProviderReply> two)
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
      KeyedCall begun = ahead.getNow(first);
      return oneFirst == first.equals(begun) ? early : late;
    }

    private ProviderReply won(ProviderReply reply, boolean bySecond) {
      meters.hedged(bySecond ? CallMeters.WON : CallMeters.LOST);
      return reply;
    }
  }

  /** A call under way. */
  private record Runner(KeyedCall call, Thread thread) {

    /** The interrupt comes first: the thread may hold the turn while it waits for the broker. */
    void stop() {
      thread.interrupt();
      if (call.chunks() != null) {
        call.chunks().close();
      }
    }
  }

  /** Whether it is there in time. */
  private static boolean within(CompletableFuture<?> reply, Duration patience)
      throws InterruptedException {
    try {
      reply.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
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
