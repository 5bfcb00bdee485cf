package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long the cache in front of the registry believes what it was told. */
class SingleFlightCacheTest {

  /** Enough for the loading thread to be overtaken by the one that waits for it. */
  private static final int ROUNDS = 20_000;

  private static final Duration VALUE_TTL = Duration.ofDays(1);
  private static final Duration MISSING_TTL = Duration.ofMinutes(1);

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

  @Test
  void shouldAskAgainAtOnceWhenTheAnswerIsOld() {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger calls = new AtomicInteger();
    SingleFlightCache<Integer, Integer> cache = cache(nanos::get, key -> calls.incrementAndGet());
    for (int round = 1; round <= ROUNDS; round++) {
      assertThat(cache.get(7)).isEqualTo(round);
      nanos.addAndGet(VALUE_TTL.toNanos());
    }
  }

  @Test
  void shouldAskAgainAtOnceWhenItWasMissingLongAgo() {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger calls = new AtomicInteger();
    SingleFlightCache<Integer, Integer> cache =
        cache(
            nanos::get,
            key -> {
              throw new SchemaRegistryException("call " + calls.incrementAndGet(), 40403);
            });
    for (int round = 1; round <= ROUNDS; round++) {
      assertThatThrownBy(() -> cache.get(7)).hasMessage("call " + calls);
      assertThat(calls).hasValue(round);
      nanos.addAndGet(MISSING_TTL.toNanos());
    }
  }

  private <V> SingleFlightCache<Integer, V> cache(Function<Integer, V> load) {
    return cache(Ticker.systemTicker(), load);
  }

  private <V> SingleFlightCache<Integer, V> cache(Ticker ticker, Function<Integer, V> load) {
    return new SingleFlightCache<>(100, VALUE_TTL, MISSING_TTL, ticker, loader, load);
  }
}
