package io.millrace.schemas.registry;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A bounded cache in front of the registry. However many threads miss the same key at once, one
 * call is made. "Not found" (and "not Avro") is remembered for a while, so that garbage cannot
 * hammer the registry; any other failure is told to those who waited for it and to nobody else.
 * Thread-safe.
 *
 * <p>How long an answer is believed is measured from when it came, and is part of the answer. The
 * cache's own expiry would begin a moment after those who waited have been told, so that who asks
 * again at once could still be given what is over.
 */
final class SingleFlightCache<K, V> {

  /** What a call brought, and when. */
  private sealed interface Loaded<V> {
    record Value<V>(V value, long atNanos) implements Loaded<V> {}

    record Failure<V>(SchemaRegistryException fault, long atNanos) implements Loaded<V> {}
  }

  private final AsyncLoadingCache<K, Loaded<V>> entries;
  private final long valueTtlNanos;
  private final long missingTtlNanos;
  private final Ticker ticker;

  /**
   * An empty cache.
   *
   * @param maxEntries the bound
   * @param valueTtl how long a value is believed
   * @param missingTtl how long "not found" is believed
   * @param load blocks until the registry has answered; runs on {@code executor}
   */
  SingleFlightCache(
      int maxEntries,
      Duration valueTtl,
      Duration missingTtl,
      Ticker ticker,
      Executor executor,
      Function<K, V> load) {
    this.valueTtlNanos = valueTtl.toNanos();
    this.missingTtlNanos = missingTtl.toNanos();
    this.ticker = ticker;
    this.entries =
        Caffeine.newBuilder()
            .maximumSize(maxEntries)
            // Tidying up is quick, and may be due after the client and its executor were closed.
            .executor(Runnable::run)
            .buildAsync(
                (AsyncCacheLoader<K, Loaded<V>>)
                    (key, ours) ->
                        CompletableFuture.supplyAsync(() -> loaded(load, key), executor));
  }

  private Loaded<V> loaded(Function<K, V> load, K key) {
    try {
      V value = load.apply(key);
      return new Loaded.Value<>(value, ticker.read());
    } catch (SchemaRegistryException e) {
      return new Loaded.Failure<>(e, ticker.read());
    }
  }

  /** Whether nobody is to be given an answer any more who did not wait for it. */
  private boolean over(CompletableFuture<Loaded<V>> flight) {
    return switch (flight.state()) {
      case RUNNING -> false;
      case FAILED, CANCELLED -> true;
      case SUCCESS -> over(flight.resultNow());
    };
  }

  private boolean over(Loaded<V> loaded) {
    return switch (loaded) {
      case Loaded.Value<V> value -> ticker.read() - value.atNanos() >= valueTtlNanos;
      case Loaded.Failure<V>(SchemaRegistryException fault, long atNanos) ->
          !isRemembered(fault) || ticker.read() - atNanos >= missingTtlNanos;
    };
  }

  private static boolean isRemembered(SchemaRegistryException fault) {
    return fault.notFound() || fault.errorCode() == SchemaRegistryException.NOT_AVRO;
  }

  /**
   * The value of a key, asked for if it is not here.
   *
   * @throws SchemaRegistryException when the registry does not have it or cannot be asked
   * @throws InterruptException when the waiting thread is interrupted; the call goes on
   */
  V get(K key) {
    try {
      return switch (flight(key).get()) {
        case Loaded.Value<V> loaded -> loaded.value();
        case Loaded.Failure<V> loaded -> throw again(loaded.fault());
      };
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the client of the schema registry is closed", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a fault in asking the schema registry", e.getCause());
    }
  }

  /** For one of those who waited; what they throw has their own stack. */
  private static SchemaRegistryException again(SchemaRegistryException fault) {
    return new SchemaRegistryException(
        String.valueOf(fault.getMessage()), fault.errorCode(), fault);
  }

  /** The call whose answer counts: one that is not over, or one that is made from now on. */
  private CompletableFuture<Loaded<V>> flight(K key) {
    CompletableFuture<Loaded<V>> known = entries.getIfPresent(key);
    if (known != null) {
      if (!over(known)) {
        return known;
      }
      entries.asMap().remove(key, known);
    }
    return entries.get(key);
  }
}
