package io.millrace.workers.gate;

import io.millrace.plugin.provider.RateLimitStatus;
import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The places for calls to one model: as many as its {@link ConcurrencyLimit} and the provider's own
 * word allow. Who finds none waits: interactive calls before standard ones before batch, in each
 * lane in order. Every eighth place goes to the lowest lane that waits, so none waits for ever.
 * Blocks only who asks to wait. Thread-safe.
 */
public final class CallSlots {

  /** Of so many places given to who waits, one goes to the lowest lane. */
  static final int LOWEST_LANE_EVERY = 8;

  private final boolean enabled;
  private final int keys;
  private final ConcurrencyLimit limit;
  private final Ceilings ceilings = new Ceilings();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Lane, Deque<CompletableFuture<Boolean>>> waiting = new EnumMap<>(Lane.class);
  private int inFlight;
  private int givenToWaiting;

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
    for (Lane lane : Lane.values()) {
      waiting.put(lane, new ArrayDeque<>());
    }
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
   * @param patience the longest to wait
   * @return false when there was none in time
   * @throws InterruptedException when the thread is interrupted; no place is taken then
   */
  public boolean take(Lane lane, Duration patience, long nowNanos) throws InterruptedException {
    if (tryTake(nowNanos)) {
      return true;
    }
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    enqueue(lane, mine, nowNanos);
    try {
      return mine.get(patience.toNanos(), TimeUnit.NANOSECONDS);
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
      return waiting.values().stream().mapToInt(Deque::size).sum();
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

  private void enqueue(Lane lane, CompletableFuture<Boolean> mine, long nowNanos) {
    lock.lock();
    try {
      queue(lane).add(mine);
      giveToWaiting(nowNanos);
    } finally {
      lock.unlock();
    }
  }

  /** False when the place has been given already. */
  private boolean withdraw(Lane lane, CompletableFuture<Boolean> mine) {
    lock.lock();
    try {
      return queue(lane).remove(mine);
    } finally {
      lock.unlock();
    }
  }

  /** While somebody waits at least one call runs, whose end comes here: nobody is forgotten. */
  private void giveToWaiting(long nowNanos) {
    while (!nobodyWaits() && inFlight < current(nowNanos)) {
      begin();
      givenToWaiting++;
      next().complete(true);
    }
  }

  private CompletableFuture<Boolean> next() {
    Deque<CompletableFuture<Boolean>> chosen = new ArrayDeque<>();
    for (Lane lane : Lane.values()) {
      Deque<CompletableFuture<Boolean>> queue = queue(lane);
      if (!queue.isEmpty() && (chosen.isEmpty() || givenToWaiting % LOWEST_LANE_EVERY == 0)) {
        chosen = queue;
      }
    }
    return chosen.remove();
  }

  private boolean nobodyWaits() {
    return waiting.values().stream().allMatch(Deque::isEmpty);
  }

  private Deque<CompletableFuture<Boolean>> queue(Lane lane) {
    return waiting.getOrDefault(lane, new ArrayDeque<>());
  }
}
