package io.millrace.stages;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Calls of hooks that must wait, off the stream thread, each on a virtual thread of its own. What
 * comes of a call stays here until the exchange, which is parked meanwhile, asks for it. Nothing
 * here outlives the process: whoever takes an exchange over calls again. Thread-safe.
 */
final class RemoteCalls implements AutoCloseable {

  /** How many calls of this process wait at once; more wait for their turn. */
  static final int MAX_IN_FLIGHT = 256;

  /** How often a call that fails is made, within its time budget. */
  static final int MAX_TRIES = 3;

  /** How long a failed call waits before its second try; the third waits twice as long. */
  static final Duration FIRST_BACK_OFF = Duration.ofMillis(50);

  /** Answers that nobody asked for are looked for when this many calls are kept. */
  private static final int SWEEP_FROM = 4 * MAX_IN_FLIGHT;

  static final String IN_FLIGHT = "millrace.hook.remote.in.flight";
  static final String WAITING = "millrace.hook.remote.waiting";
  static final String RETRIES = "millrace.hook.remote.retries";
  static final String TIMEOUTS = "millrace.hook.remote.timeouts";

  private final Map<Key, Kept> calls = new ConcurrentHashMap<>();
  private final Semaphore turns = new Semaphore(MAX_IN_FLIGHT);
  private final LongAdder retries = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Which call: a hook's method for one attempt of an exchange. */
  record Key(String exchangeId, int attempt, String hook, HookDirection direction) {}

  private record Kept(Future<RemoteAnswer> answer, long deadlineMillis) {}

  /** Shows what is counted to a registry. */
  void bindTo(MeterRegistry registry) {
    Gauge.builder(IN_FLIGHT, turns, places -> MAX_IN_FLIGHT - places.availablePermits())
        .description("Calls of remote hooks under way")
        .register(registry);
    Gauge.builder(WAITING, turns, Semaphore::getQueueLength)
        .description("Calls of remote hooks that wait for their turn")
        .register(registry);
    FunctionCounter.builder(RETRIES, retries, LongAdder::sum)
        .description("Calls of remote hooks made again after they failed")
        .register(registry);
    FunctionCounter.builder(TIMEOUTS, timeouts, LongAdder::sum)
        .description("Calls of remote hooks given up over their time budget")
        .register(registry);
  }

  /** Whether a call was begun here and has no answer yet. */
  boolean running(Key key) {
    Kept kept = calls.get(key);
    return kept != null && !kept.answer().isDone();
  }

  /** What came of a call, which is forgotten here; null where there is none, or none yet. */
  @Nullable RemoteAnswer take(Key key) {
    Kept kept = calls.get(key);
    if (kept == null || !kept.answer().isDone()) {
      return null;
    }
    calls.remove(key);
    return kept.answer().state() == Future.State.SUCCESS
        ? kept.answer().resultNow()
        : new RemoteAnswer(null, kept.answer().exceptionNow(), Map.of(), List.of());
  }

  /**
   * Begins a call, unless it was begun before.
   *
   * @param budget how long it may take from its turn on, tries included
   */
  void begin(Key key, Duration budget, RemoteContext context, Callable<Object> call) {
    sweep(context.now().toEpochMilli());
    calls.computeIfAbsent(
        key,
        any ->
            new Kept(
                threads.submit(() -> inTurn(budget, context, call)),
                context.deadline().toEpochMilli()));
  }

  /** Begins a call whose answer nobody waits for. */
  void beginDetached(Duration budget, RemoteContext context, Callable<Object> call) {
    Future<RemoteAnswer> ignored = threads.submit(() -> inTurn(budget, context, call));
  }

  private RemoteAnswer inTurn(Duration budget, RemoteContext context, Callable<Object> call)
      throws InterruptedException {
    turns.acquire();
    try {
      Future<Object> made = threads.submit(() -> withRetries(call));
      try {
        return context.answer(made.get(budget.toNanos(), TimeUnit.NANOSECONDS), null);
      } catch (TimeoutException e) {
        made.cancel(true);
        timeouts.increment();
        return context.answer(null, new RemoteTimeoutException(budget));
      } catch (ExecutionException e) {
        return context.answer(null, e.getCause());
      }
    } finally {
      turns.release();
    }
  }

  private Object withRetries(Callable<Object> call) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.call();
      } catch (RuntimeException e) {
        if (attempt == MAX_TRIES) {
          throw e;
        }
        retries.increment();
        TimeUnit.MILLISECONDS.sleep(FIRST_BACK_OFF.toMillis() << (attempt - 1));
      }
    }
  }

  private void sweep(long nowMillis) {
    if (calls.size() >= SWEEP_FROM) {
      calls.values().removeIf(kept -> kept.deadlineMillis() <= nowMillis);
    }
  }

  /** Interrupts what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** The hook took longer than its time budget. */
  static final class RemoteTimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RemoteTimeoutException(Duration budget) {
      super("no answer within " + budget.toMillis() + " ms");
    }
  }
}
