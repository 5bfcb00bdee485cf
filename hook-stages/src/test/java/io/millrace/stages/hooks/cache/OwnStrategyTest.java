package io.millrace.stages.hooks.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A strategy that somebody else wrote. */
class OwnStrategyTest {

  @Test
  void shouldDecideWhatLeavesAndWhen() {
    CacheTrial cache =
        new CacheTrial(Map.of("strategy", LargestFirstStrategy.NAME, "max_entries", 3));
    cache.hits("a");
    cache.hits("bbbbbbbbbb");
    cache.hits("cc");
    cache.hits("d");
    assertThat(cache.summary().count(Count.EVICTED)).isEqualTo(1);
    assertThat(cache.hits("a")).isTrue();
    assertThat(cache.hits("cc")).isTrue();
    assertThat(cache.hits("d")).isTrue();
    cache.advance(Duration.ofMinutes(10));
    assertThat(cache.hits("a")).as("ten minutes, whatever the tiers").isFalse();
  }

  @Test
  void shouldLeaveTheFiguresRightWhenItThrows() {
    CacheTrial cache =
        new CacheTrial(
            Map.of(
                "strategy",
                LargestFirstStrategy.NAME,
                "max_entries",
                3,
                "strategy_config",
                Map.of("fault_above", 10)));
    cache.hits("a");
    cache.hits("b");
    cache.hits("c");
    assertThatThrownBy(() -> cache.hits("d")).hasMessage("too large for this strategy");
    assertThat(cache.summary().entries())
        .isEqualTo(cache.state.range("e/", "e0", 100).size())
        .isEqualTo(3);
    assertThat(cache.hits("a")).isTrue();
  }
}
