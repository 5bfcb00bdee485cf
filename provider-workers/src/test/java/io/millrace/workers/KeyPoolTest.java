package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.workers.KeyPool.Pick;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyPoolTest {

  private static final Instant NOW = FakeTime.START;

  @Test
  void shouldShareCallsByWeight() {
    long seed = 4_711;
    KeyPool pool =
        new KeyPool(
            "p",
            List.of(
                new ApiKeySetting("a", "1", List.of(), 3),
                new ApiKeySetting("b", "2", List.of("m"), 1),
                new ApiKeySetting("c", "3", List.of("n"), 100)),
            Duration.ofMinutes(1),
            new Random(seed)::nextDouble);
    Map<String, Integer> picks = new TreeMap<>();
    for (int i = 0; i < 10_000; i++) {
      picks.merge(String.valueOf(used(pool.pick("m", NOW)).name()), 1, Integer::sum);
    }
    assertThat(picks).containsOnlyKeys("a", "b");
    assertThat(picks.get("a")).as("seed %s", seed).isBetween(7_300, 7_700);
  }

  @Test
  void shouldSayWhenTheFirstRestingKeyIsBack() {
    KeyPool pool = pool("a", "b");
    pool.rest(used(pool.pick("m", NOW)), NOW.plusSeconds(9));
    pool.rest(used(pool.pick("m", NOW)), NOW.plusSeconds(4));
    assertThat(pool.pick("m", NOW)).isEqualTo(new Pick.Resting(NOW.plusSeconds(4)));
    assertThat(used(pool.pick("m", NOW.plusSeconds(4))).name()).isEqualTo("b");
  }

  @Test
  void shouldNotShortenARestThatIsUnderWay() {
    KeyPool pool = pool("a");
    PooledKey key = used(pool.pick("m", NOW));
    pool.rest(key, NOW.plusSeconds(9));
    pool.rest(key, NOW.plusSeconds(1));
    assertThat(pool.pick("m", NOW)).isEqualTo(new Pick.Resting(NOW.plusSeconds(9)));
  }

  @Test
  void shouldPreferWaitingToGivingUpWhenSomeAreRefusedAndSomeRest() {
    KeyPool pool = pool("a", "b");
    PooledKey first = used(pool.pick("m", NOW));
    pool.refuse(first, "m", ErrorCode.UPSTREAM_CREDENTIALS_EXHAUSTED.error("no"), true, NOW);
    pool.rest(used(pool.pick("m", NOW)), NOW.plusSeconds(4));
    assertThat(pool.pick("m", NOW)).isInstanceOf(Pick.Resting.class);
  }

  @Test
  void shouldNameProviderAndModelWhenNoKeyMayBeUsed() {
    KeyPool pool =
        new KeyPool(
            "p",
            List.of(new ApiKeySetting("a", "1", List.of("m"), 1)),
            Duration.ofMinutes(1),
            () -> 0);
    assertThat(pool.pick("x", NOW))
        .isEqualTo(
            new Pick.None(
                ErrorCode.NO_ELIGIBLE_KEYS.error(
                    "no key of provider p may be used for model x: add the model to a key")));
  }

  @Test
  void shouldMarkAKeyAltogetherWhenTooManyModelsWereRefused() {
    KeyPool pool = pool("a");
    PooledKey key = used(pool.pick("m", NOW));
    for (int i = 0; i <= 256; i++) {
      pool.refuse(key, "model-" + i, ErrorCode.MODEL_NOT_FOUND.error("no"), false, NOW);
    }
    assertThat(pool.pick("another", NOW)).isInstanceOf(Pick.None.class);
    assertThat(pool.pick("another", NOW.plusSeconds(60))).isInstanceOf(Pick.Use.class);
  }

  private static KeyPool pool(String... names) {
    return new KeyPool(
        "p",
        java.util.Arrays.stream(names).map(name -> ApiKeySetting.of(name, "v")).toList(),
        Duration.ofMinutes(1),
        () -> 0);
  }

  private static PooledKey used(Pick pick) {
    assertThat(pick).isInstanceOf(Pick.Use.class);
    return ((Pick.Use) pick).key();
  }
}
