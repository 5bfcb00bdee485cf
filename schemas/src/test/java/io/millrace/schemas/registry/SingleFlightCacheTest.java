package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the cache in front of the registry remembers of a failure. */
class SingleFlightCacheTest {

  /** Enough for the loading thread to be overtaken by the one that waits for it. */
  private static final int ROUNDS = 20_000;

  private final ExecutorService loader =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());

  @AfterEach
  void close() {
    loader.close();
  }

  @Test
  void shouldAskAgainAtOnceWhenTheFailureMayPass() {
    AtomicInteger calls = new AtomicInteger();
    SingleFlightCache<Integer, String> cache =
        cache(
            key -> {
              if (calls.getAndIncrement() % 2 == 0) {
                throw new SchemaRegistryException("the store is down", 500);
              }
              return "schema " + key;
            });
    for (int key = 0; key < ROUNDS; key++) {
      int asked = key;
      assertThatThrownBy(() -> cache.get(asked)).isInstanceOf(SchemaRegistryException.class);
      assertThat(cache.get(key)).isEqualTo("schema " + key);
    }
    assertThat(calls).hasValue(2 * ROUNDS);
  }

  @Test
  void shouldNotAskAgainWhenThereIsNoSuchSchema() {
    AtomicInteger calls = new AtomicInteger();
    SingleFlightCache<Integer, String> cache =
        cache(
            key -> {
              calls.incrementAndGet();
              throw new SchemaRegistryException("no schema with id " + key, 40403);
            });
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> cache.get(7)).hasMessage("no schema with id 7");
    }
    assertThat(calls).hasValue(1);
  }

  private SingleFlightCache<Integer, String> cache(Function<Integer, String> load) {
    return new SingleFlightCache<>(
        100, Duration.ofDays(1), Duration.ofMinutes(1), Ticker.systemTicker(), loader, load);
  }
}
