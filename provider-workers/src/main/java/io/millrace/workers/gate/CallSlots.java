package io.millrace.workers.gate;

import io.millrace.plugin.provider.RateLimitStatus;
import io.millrace.schemas.avro.Lane;
import io.millrace.workers.lane.LaneScheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The places for calls to one model: as many as its {@link ConcurrencyLimit} and the provider's own
 * word allow. Who finds none waits; places that come free go round by lanes and tenants as {@link
 * LaneScheduler} has it, so none waits for ever. Blocks only who asks to wait. Thread-safe.
 */
public final class CallSlots {

  private final boolean enabled;
  private final int keys;
  private final ConcurrencyLimit limit;
  private final Ceilings ceilings = new Ceilings();
  private final ReentrantLock lock = new ReentrantLock();
  private final LaneScheduler<Waiter> waiting = new LaneScheduler<>();
  private int inFlight;

  /**
   * Free places.
   *
   * @param max the most calls at once, at least 1
   * @param keys how many keys the model may be called with, at least 1
   */
  public CallSlots(ConcurrencySetting setting, int max, int keys) {
    this.enabled = setting.enabled();
    this.keys = keys;
    this.limit = new ConcurrencyLimit(max);
  }

  /** Takes a place if there is one and nobody waits for it. */
  public boolean tryTake(long nowNanos) {
    lock.lock();
    try {
      boolean free = !enabled || (inFlight < current(nowNanos) && nobodyWaits());
      if (free) {
        begin();
      }
      return free;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a place, waiting for one where there is none.
   *
   * @param tenant whose call it is; tenants of a lane take turns
   * @param patience the longest to wait
   * @return false when there was none in time
   * @throws InterruptedException when the thread is interrupted; no place is taken then
   */
  public boolean take(Lane lane, String tenant, Duration patience, long nowNanos)
      throws InterruptedException {
    if (tryTake(nowNanos)) {
      return true;
    }
    Waiter mine = new Waiter();
    enqueue(lane, tenant, mine, nowNanos);
    try {
      return mine.given.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return !withdraw(lane, mine);
    } catch (InterruptedException e) {
      if (!withdraw(lane, mine)) {
        release(0, nowNanos);
      }
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting ends with a value, never with an exception", e);
    }
  }

  /**
   * Gives a place back.
   *
   * @param refused see {@link ConcurrencyLimit#ended}
   */
  public void release(double refused, long nowNanos) {
    lock.lock();
    try {
      inFlight--;
      limit.ended(refused, inFlight);
      giveToWaiting(nowNanos);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hears what an answer said of the provider's own limits.
   *
   * @param key the name of the key used, or null where there is none
   * @param tokens what the call took; 0 where that is not known
   */
  public void told(
      @Nullable String key, @Nullable RateLimitStatus status, long tokens, long nowNanos) {
    lock.lock();
    try {
      ceilings.took(tokens);
      if (status != null) {
        ceilings.told(key == null ? "" : key, status, nowNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many calls may run at once now. */
  public int limit(long nowNanos) {
    lock.lock();
    try {
      return current(nowNanos);
    } finally {
      lock.unlock();
    }
  }

  /** How many run now. */
  public int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  /** How many wait now. */
  public int waiting() {
    lock.lock();
    try {
      int all = 0;
      for (Lane lane : Lane.values()) {
        all += waiting.waiting(lane);
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  private int current(long nowNanos) {
    return (int) Math.max(1, Math.min(limit.now(), ceilings.now(keys, nowNanos)));
  }

  private void begin() {
    inFlight++;
    limit.begun(inFlight);
  }

  private void enqueue(Lane lane, String tenant, Waiter mine, long nowNanos) {
    lock.lock();
    try {
      waiting.add(lane, tenant, mine);
      giveToWaiting(nowNanos);
    } finally {
      lock.unlock();
    }
  }

  /** False when the place has been given already. */
  private boolean withdraw(Lane lane, Waiter mine) {
    lock.lock();
    try {
      int before = waiting.waiting(lane);
      waiting.removeIf(lane, mine::equals);
      return waiting.waiting(lane) < before;
    } finally {
      lock.unlock();
    }
  }

  /** While somebody waits at least one call runs, whose end comes here: nobody is forgotten. */
  private void giveToWaiting(long nowNanos) {
    while (!nobodyWaits() && inFlight < current(nowNanos)) {
      Waiter next = waiting.next(lane -> true);
      if (next != null) {
        begin();
        next.given.complete(true);
      }
    }
  }

  private boolean nobodyWaits() {
    return waiting.isEmpty();
  }

  /** Somebody who waits; told apart by identity. */
  private static final class Waiter {

    private final CompletableFuture<Boolean> given = new CompletableFuture<>();
  }
}
