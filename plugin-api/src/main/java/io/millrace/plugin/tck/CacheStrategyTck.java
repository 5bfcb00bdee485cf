package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.plugin.cache.CacheEntry;
import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.cache.CacheTiers;
import io.millrace.plugin.cache.Succession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every cache strategy keeps to. Subclass it and give the factory. */
public abstract class CacheStrategyTck {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** For subclasses. */
  protected CacheStrategyTck() {}

  /** The strategy's entry point; a new one at every call. */
  protected abstract CacheStrategyFactory factory();

  /** Configurations of the cache that the strategy accepts; at least one. */
  protected List<Map<String, Object>> configurations() {
    return List.of(Map.of());
  }

  @Test
  void shouldSayWhatItIsTheSameAtEveryCall() {
    assertTrue(factory().name().matches("[a-z][a-z0-9-]{0,63}"), factory().name());
    assertEquals(factory().name(), factory().name(), "name() must not change");
    assertFalse(factory().description().isBlank(), "a description helps whoever chooses");
  }

  @Test
  void shouldAnswerForEveryEntry() {
    for (CacheStrategy strategy : strategies()) {
      for (CacheEntry entry : entries()) {
        assertNotNull(strategy.timeToLive(entry), "timeToLive must not return null");
        for (Instant now : List.of(NOW, NOW.minus(Duration.ofDays(2)), Instant.EPOCH)) {
          assertFalse(
              Double.isNaN(strategy.worth(entry, now)), "worth must be a number for " + entry);
        }
      }
    }
  }

  @Test
  void shouldAnswerTheSameWhenTheFactsAreTheSame() {
    for (CacheStrategy strategy : strategies()) {
      for (CacheEntry entry : entries()) {
        assertEquals(strategy.timeToLive(entry), strategy.timeToLive(entry));
        assertEquals(strategy.worth(entry, NOW), strategy.worth(entry, NOW));
      }
    }
  }

  @Test
  void shouldServeManyThreadsAtOnce() {
    for (CacheStrategy strategy : strategies()) {
      List<CacheEntry> entries = entries();
      Threads.call(i -> strategy.worth(entries.get(i % entries.size()), NOW))
          .forEach(worth -> assertFalse(worth.isNaN(), "worth must be a number"));
    }
  }

  @Test
  void shouldFetchNothingAheadWhereItDoesNotPredict() {
    for (CacheStrategy strategy : strategies()) {
      for (Succession succession : List.of(new Succession(1, 1), new Succession(900, 1_000))) {
        assertFalse(
            strategy.fetchAhead(succession) && !strategy.predicts(),
            "a strategy that fetches ahead says so in predicts()");
      }
    }
  }

  private List<CacheStrategy> strategies() {
    List<CacheStrategy> strategies = new ArrayList<>();
    for (Map<String, Object> config : configurations()) {
      CacheStrategy strategy = factory().create(CacheTiers.DEFAULT, config);
      assertNotNull(strategy, "create must not return null");
      strategies.add(strategy);
    }
    return strategies;
  }

  private static List<CacheEntry> entries() {
    List<CacheEntry> entries = new ArrayList<>();
    for (long uses : List.of(1L, 63L, Long.MAX_VALUE)) {
      for (Duration age : List.of(Duration.ZERO, Duration.ofHours(5), Duration.ofDays(3_650))) {
        for (long cost : List.of(0L, Long.MAX_VALUE)) {
          entries.add(
              new CacheEntry(NOW.minus(age), NOW.minus(age.dividedBy(2)), uses, 700, cost, false));
        }
      }
    }
    entries.add(new CacheEntry(NOW, NOW, 1, Long.MAX_VALUE, 1, true));
    return entries;
  }
}
