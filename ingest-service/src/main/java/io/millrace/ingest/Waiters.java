package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Callers who wait for a result, by request id. Several may wait for the same one. Bounded.
 * Thread-safe.
 */
final class Waiters implements Audience<CompletionResult> {

  private final Places<Waiter> waiting = new Places<>();
  private final Attention attention;
  private final Semaphore places;
  private final int max;

  Waiters(int max) {
    this(max, Attention.LINGER);
  }

  /** Places whose watcher reads on for a while when nobody waits any more. */
  Waiters(int max, Duration linger) {
    this.max = max;
    this.places = new Semaphore(max);
    this.attention = new Attention(() -> !waiting.isEmpty(), linger);
  }

  /** Whether anybody waits at all. */
  Attention attention() {
    return attention;
  }

  /** A place to wait, to be closed by the caller; empty when all are taken. */
  Optional<Waiter> register(String tenant, String requestId) {
    if (!places.tryAcquire()) {
      return Optional.empty();
    }
    Waiter waiter = new Waiter(tenant, requestId);
    waiting.add(requestId, waiter);
    return Optional.of(waiter);
  }

  @Override
  public boolean awaits(String requestId) {
    return waiting.contains(requestId);
  }

  @Override
  public void deliver(CompletionResult result) {
    waiting
        .of(result.getTenant(), result.getRequestId())
        .forEach(waiter -> waiter.result.complete(result));
  }

  /** Ends all waiting without a result. */
  void failAll(RefusedException reason) {
    waiting.all().forEach(waiter -> waiter.result.completeExceptionally(reason));
  }

  /** Waits until nobody waits any more. Takes all places, so nobody else can wait afterwards. */
  boolean awaitNone(Duration timeout) throws InterruptedException {
    return places.tryAcquire(max, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many wait. */
  int size() {
    return max - places.availablePermits();
  }

  /** The bound. */
  int max() {
    return max;
  }

  private void remove(Waiter gone) {
    waiting.remove(gone.requestId, gone);
    places.release();
  }

  /** One caller's place. Closed once, by the caller. */
  final class Waiter implements Places.Place, AutoCloseable {

    private final String tenant;
    private final String requestId;
    private final CompletableFuture<CompletionResult> result = new CompletableFuture<>();

    private Waiter(String tenant, String requestId) {
      this.tenant = tenant;
      this.requestId = requestId;
    }

    @Override
    public String tenant() {
      return tenant;
    }

    /** Completes with the result, or exceptionally when waiting is pointless. */
    CompletableFuture<CompletionResult> result() {
      return result;
    }

    @Override
    public void close() {
      remove(this);
    }
  }
}
