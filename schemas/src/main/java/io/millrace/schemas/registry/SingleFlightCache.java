package io.millrace.schemas.registry;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
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
 * hammer the registry; any other failure is forgotten as soon as those who waited for it have it.
 * Thread-safe.
 */
final class SingleFlightCache<K, V> {

  /** What a call brought. */
  private sealed interface Loaded<V> {
    record Value<V>(V value) implements Loaded<V> {}

    record Failure<V>(SchemaRegistryException fault) implements Loaded<V> {}
  }

  private final AsyncLoadingCache<K, Loaded<V>> entries;

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
    this.entries =
        Caffeine.newBuilder()
            .maximumSize(maxEntries)
            .ticker(ticker)
            // Tidying up is quick, and may be due after the client and its executor were closed.
            .executor(Runnable::run)
            .expireAfter(
                Expiry.creating(
                    (K key, Loaded<V> loaded) -> lifetime(loaded, valueTtl, missingTtl)))
            .buildAsync(
                (AsyncCacheLoader<K, Loaded<V>>)
                    (key, ours) ->
                        CompletableFuture.supplyAsync(() -> loaded(load, key), executor));
  }

  private static <V> Duration lifetime(Loaded<V> loaded, Duration valueTtl, Duration missingTtl) {
    return switch (loaded) {
      case Loaded.Value<V> value -> valueTtl;
      case Loaded.Failure<V>(SchemaRegistryException fault) ->
          isRemembered(fault) ? missingTtl : Duration.ZERO;
    };
  }

  private static boolean isRemembered(SchemaRegistryException fault) {
    return fault.notFound() || fault.errorCode() == SchemaRegistryException.NOT_AVRO;
  }

  private static <K, V> Loaded<V> loaded(Function<K, V> load, K key) {
    try {
      return new Loaded.Value<>(load.apply(key));
    } catch (SchemaRegistryException e) {
      return new Loaded.Failure<>(e);
    }
  }

  /**
   * The value of a key, asked for if it is not here.
   *
   * @throws SchemaRegistryException when the registry does not have it or cannot be asked
   * @throws InterruptException when the waiting thread is interrupted; the call goes on
   */
  V get(K key) {
    try {
      CompletableFuture<Loaded<V>> flight = entries.get(key);
      return switch (flight.get()) {
        case Loaded.Value<V>(V value) -> value;
        case Loaded.Failure<V>(SchemaRegistryException fault) -> {
          if (!isRemembered(fault)) {
            // The cache learns of a flight's end only after those who waited for it.
            entries.asMap().remove(key, flight);
          }
          throw new SchemaRegistryException(
              String.valueOf(fault.getMessage()), fault.errorCode(), fault);
        }
      };
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the client of the schema registry is closed", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a fault in asking the schema registry", e.getCause());
    }
  }
}
