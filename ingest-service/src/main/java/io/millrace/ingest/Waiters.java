package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Callers who wait for a result, by request id. Several may wait for the same one. Bounded.
 * Thread-safe.
 */
final class Waiters {

  private final ConcurrentMap<String, List<Waiter>> byRequestId = new ConcurrentHashMap<>();
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
    this.attention = new Attention(() -> !byRequestId.isEmpty(), linger);
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
    byRequestId.merge(
        requestId,
        List.of(waiter),
        (old, added) -> Stream.concat(old.stream(), added.stream()).toList());
    return Optional.of(waiter);
  }

  /** Whether anybody waits for a request of this id, whatever the tenant. */
  boolean awaits(String requestId) {
    return byRequestId.containsKey(requestId);
  }

  /** Hands a result to everybody who waits for it. */
  void complete(CompletionResult result) {
    for (Waiter waiter : byRequestId.getOrDefault(result.getRequestId(), List.of())) {
      if (waiter.tenant.equals(result.getTenant())) {
        waiter.result.complete(result);
      }
    }
  }

  /** Ends all waiting without a result. */
  void failAll(RefusedException reason) {
    byRequestId
        .values()
        .forEach(list -> list.forEach(waiter -> waiter.result.completeExceptionally(reason)));
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
    byRequestId.computeIfPresent(
        gone.requestId,
        (id, list) -> {
          List<Waiter> rest = list.stream().filter(waiter -> waiter != gone).toList();
          return rest.isEmpty() ? null : rest;
        });
    places.release();
  }

  /** One caller's place. Closed once, by the caller. */
  final class Waiter implements AutoCloseable {

    private final String tenant;
    private final String requestId;
    private final CompletableFuture<CompletionResult> result = new CompletableFuture<>();

    private Waiter(String tenant, String requestId) {
      this.tenant = tenant;
      this.requestId = requestId;
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
