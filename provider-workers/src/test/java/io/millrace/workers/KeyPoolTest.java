package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.ProviderReply;
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

  /**
   * Whatever happens to the keys: one that rests or is refused is never picked, one that is well
   * always can be, refusals end, and the picks among those that are well follow the weights.
   */
  @Test
  void shouldKeepItsRulesWhateverTheCourse() {
    for (int run = 0; run < 50; run++) {
      long seed = 1_000L + run;
      Random random = new Random(seed);
      List<ApiKeySetting> settings = randomKeys(random);
      KeyPool pool = new KeyPool("p", settings, Duration.ofSeconds(30), random::nextDouble);
      Map<String, Instant> blockedUntil = new TreeMap<>();
      Instant now = NOW;
      for (int i = 0; i < 500; i++) {
        now = now.plusMillis(random.nextInt(2_000));
        Instant at = now;
        String model = random.nextBoolean() ? "m" : "n";
        boolean anyWell =
            settings.stream()
                .filter(key -> key.allows(model))
                .anyMatch(key -> !blockedUntil.getOrDefault(key.name(), Instant.MIN).isAfter(at));
        Pick pick = pool.pick(model, now);
        assertThat(pick instanceof Pick.Use).as("seed %d", seed).isEqualTo(anyWell);
        if (pick instanceof Pick.Use(PooledKey key)) {
          String name = String.valueOf(key.name());
          assertThat(key.allows(model)).as("seed %d", seed).isTrue();
          assertThat(blockedUntil.getOrDefault(name, Instant.MIN)).isBeforeOrEqualTo(now);
          fail(pool, key, model, random, now, blockedUntil);
        }
      }
      Instant later = now.plus(Duration.ofHours(1));
      assertFollowsWeights(pool, settings, later, seed);
    }
  }

  private static void fail(
      KeyPool pool,
      PooledKey key,
      String model,
      Random random,
      Instant now,
      Map<String, Instant> blockedUntil) {
    String name = String.valueOf(key.name());
    switch (random.nextInt(4)) {
      case 0 -> {
        Duration rest = Duration.ofMillis(random.nextInt(20_000));
        pool.mark(
            key, model, (ProviderReply.Failure) ScriptedProvider.rateLimited(rest), rest, now);
        Duration least = Duration.ofMillis(10);
        blockedUntil.put(name, now.plus(rest.compareTo(least) < 0 ? least : rest));
      }
      case 1 -> {
        pool.mark(
            key,
            model,
            (ProviderReply.Failure) ScriptedProvider.rejectedKey(401),
            Duration.ZERO,
            now);
        blockedUntil.put(name, now.plusSeconds(30));
      }
      case 2 ->
          pool.mark(
              key,
              model,
              (ProviderReply.Failure) ScriptedProvider.serverError(),
              Duration.ZERO,
              now);
      default -> {}
    }
  }

  private static List<ApiKeySetting> randomKeys(Random random) {
    return java.util.stream.IntStream.range(0, random.nextInt(1, 6))
        .mapToObj(
            i ->
                new ApiKeySetting(
                    "k" + i,
                    "v",
                    random.nextInt(3) == 0 ? List.of("m") : List.of(),
                    random.nextInt(1, 10)))
        .toList();
  }

  private static void assertFollowsWeights(
      KeyPool pool, List<ApiKeySetting> settings, Instant now, long seed) {
    int picks = 4_000;
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < picks; i++) {
      counts.merge(String.valueOf(used(pool.pick("m", now)).name()), 1, Integer::sum);
    }
    double total = settings.stream().mapToDouble(ApiKeySetting::weight).sum();
    for (ApiKeySetting key : settings) {
      double expected = key.weight() / total;
      // Five standard deviations of a binomial: one run in a million strays further.
      double tolerance = 5 * Math.sqrt(expected * (1 - expected) / picks) + 1e-9;
      assertThat(counts.getOrDefault(key.name(), 0) / (double) picks)
          .as("share of %s, seed %d", key.name(), seed)
          .isBetween(expected - tolerance, expected + tolerance);
    }
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
