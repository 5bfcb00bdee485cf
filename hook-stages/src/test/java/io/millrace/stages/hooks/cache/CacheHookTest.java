package io.millrace.stages.hooks.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.TestContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheHookTest {

  private final CacheTrial cache = new CacheTrial(Map.of("event_sample", 1));

  @Test
  void shouldAnswerWhatWasAnsweredBefore() {
    assertThat(cache.hits("a")).isFalse();
    cache.advance(Duration.ofSeconds(90));
    TestContext context = cache.context();

    assertThat(cache.pre("a", context)).isEqualTo(PreHookResult.respond(CacheTrial.answer("a")));
    assertThat(context.responseHeaders())
        .containsEntry("x-millrace-cache", "hit")
        .containsEntry("x-millrace-cache-age", "90");
    assertThat(context.events())
        .containsExactly(
            new TestContext.RecordedEvent(
                "cache-hit", Map.of("key", context.contentHash(CacheTrial.request("a")))));
    assertThat(cache.hits("b")).isFalse();
    assertThat(cache.results(Result.HIT)).isEqualTo(1);
    assertThat(cache.results(Result.MISS)).isEqualTo(2);
    assertThat(cache.environment.count(CacheMeters.SAVED_CALLS)).isEqualTo(1);
    assertThat(cache.environment.count(CacheMeters.SAVED_NANOS)).isEqualTo(250);
  }

  @Test
  void shouldJoinOnAMissAndStoreWhatTheLeaderBringsOnly() {
    TestContext leader = cache.context();
    TestContext waiter = cache.context();
    String hash = leader.contentHash(CacheTrial.request("a"));
    PreHookResult join = PreHookResult.join(CacheTrial.request("a"), hash);
    assertThat(cache.pre("a", leader)).isEqualTo(join);
    assertThat(cache.pre("a", waiter)).isEqualTo(join);
    cache.post(CacheTrial.answer("a"), leader);
    waiter.setAttribute("coalesced", "r0");
    cache.post(CacheTrial.answer("a"), waiter);

    assertThat(leader.responseHeaders()).containsEntry("x-millrace-cache", "miss");
    assertThat(waiter.responseHeaders()).containsEntry("x-millrace-cache", "coalesced");
    assertThat(cache.environment.count(CacheMeters.STORED)).isEqualTo(1);
    assertThat(cache.environment.count(CacheMeters.SAVED_CALLS)).isEqualTo(1);
  }

  @Test
  void shouldNotStoreWhatIsNoSuccess() {
    TestContext failed = cache.context();
    cache.pre("a", failed);
    cache.post(ErrorCode.UPSTREAM_ERROR.error("no"), failed);
    TestContext empty = cache.context();
    cache.pre("a", empty);
    cache.post(new Completion("c", "m", 1, List.of(), Usage.NONE, Map.of()), empty);
    TestContext filtered = cache.context();
    cache.pre("a", filtered);
    cache.post(
        new Completion(
            "c",
            "m",
            1,
            List.of(
                new Completion.Choice(
                    0, io.millrace.plugin.model.Message.assistant(""), "content_filter", Map.of())),
            Usage.NONE,
            Map.of()),
        filtered);

    assertThat(cache.hits("a")).isFalse();
    assertThat(cache.hits("a")).isTrue();
  }

  @Test
  void shouldNeitherReadNorStoreWhenItIsToBePassedBy() {
    cache.hits("a");
    TestContext context = cache.context().withHint("cache", "bypass");
    assertThat(cache.pre("a", context)).isEqualTo(PreHookResult.proceed(CacheTrial.request("a")));
    cache.post(CacheTrial.answer("other"), context);
    assertThat(context.responseHeaders()).containsEntry("x-millrace-cache", "bypass");
    assertThat(cache.hits("a")).as("the answer of before").isTrue();
  }

  @Test
  void shouldStoreAnewWhenAFreshAnswerIsWanted() {
    TestContext first = cache.context();
    cache.pre("a", first);
    cache.post(CacheTrial.answer("old"), first);
    TestContext context = cache.context().withHint("cache", "refresh");
    assertThat(cache.pre("a", context)).isEqualTo(PreHookResult.proceed(CacheTrial.request("a")));
    cache.post(CacheTrial.answer("a"), context);
    assertThat(context.responseHeaders()).containsEntry("x-millrace-cache", "refresh");
    assertThat(cache.hits("a")).isTrue();
    assertThat(cache.summary().entries()).isEqualTo(1);
  }

  @Test
  void shouldKeepAnAnswerAsLongAsItsRequestSays() {
    TestContext context = cache.context().withHint("cache-ttl", "60s");
    cache.pre("a", context);
    cache.post(CacheTrial.answer("a"), context);
    cache.advance(Duration.ofMillis(59_999));
    assertThat(cache.hits("a")).isTrue();
    cache.advance(Duration.ofMillis(1));
    assertThat(cache.hits("a")).isFalse();
  }

  @Test
  void shouldNotKeepAnAnswerLongerThanAllowedWhateverItsRequestSays() {
    TestContext context = cache.context().withHint("cache-ttl", "999999999d");
    cache.pre("a", context);
    cache.post(CacheTrial.answer("a"), context);
    cache.advance(Duration.ofDays(7).minusMillis(1));
    assertThat(cache.hits("a")).isTrue();
    cache.advance(Duration.ofMillis(1));
    assertThat(cache.hits("a")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "-1s", "1", "s", "9999999999s", "forever", "1.5h"})
  void shouldRefuseALifeThatIsNone(String ttl) {
    PreHookResult result = cache.pre("a", cache.context().withHint("cache-ttl", ttl));
    PipelineError error = ((PreHookResult.Fail) result).error();
    assertThat(error.code()).isEqualTo("invalid_request");
    assertThat(error.message()).startsWith("the hint cache-ttl must be ").contains("'" + ttl + "'");
  }

  @Test
  void shouldRefuseAWishThatItDoesNotKnow() {
    PreHookResult result = cache.pre("a", cache.context().withHint("cache", "no-store"));
    assertThat(((PreHookResult.Fail) result).error().message())
        .isEqualTo("the hint cache must be use, refresh or bypass, is 'no-store'");
  }

  @Test
  void shouldKeepWhatIsUsedOftenForAShorterTime() {
    cache.hits("rare");
    cache.hits("often");
    for (int i = 0; i < 2_000; i++) {
      assertThat(cache.hits("often")).isTrue();
    }
    cache.advance(Duration.ofMinutes(5));
    assertThat(cache.hits("often")).as("hot: five minutes").isFalse();
    cache.advance(Duration.ofHours(20));
    assertThat(cache.hits("rare")).as("cold: a day").isTrue();
    cache.advance(Duration.ofHours(4));
    assertThat(cache.hits("rare")).isFalse();
  }

  @Test
  void shouldWriteFarLessOftenThanItAnswers() {
    cache.hits("a");
    Set<String> values = new HashSet<>();
    String key = "e/" + cache.context().contentHash(CacheTrial.request("a"));
    for (int i = 0; i < 5_000; i++) {
      cache.hits("a");
      values.add(new String(cache.state.get(key), StandardCharsets.ISO_8859_1));
    }
    assertThat(values).hasSizeBetween(5, 20);
  }

  @Test
  void shouldLeaveOutRequestsOfHighTemperatureWhenToldSo() {
    CacheTrial cool = new CacheTrial(Map.of("max_temperature", 0.5));
    assertThat(cool.hits("a")).isFalse();
    assertThat(cool.hits("a")).as("one that says nothing has temperature 1").isFalse();
    assertThat(cool.results(Result.BYPASS)).isEqualTo(2);
  }

  @Test
  void shouldNotStoreWhatIsTooLarge() {
    CacheTrial small = new CacheTrial(Map.of("max_entry_bytes", 256));
    String prompt = "x".repeat(300);
    assertThat(small.hits(prompt)).isFalse();
    assertThat(small.hits(prompt)).isFalse();
    assertThat(small.summary().count(Count.REJECTED)).isEqualTo(2);
    assertThat(small.summary().entries()).isZero();
  }

  @Test
  void shouldTreatDamagedStateAsAMiss() {
    cache.hits("a");
    String key = "e/" + cache.context().contentHash(CacheTrial.request("a"));
    for (byte[] damage : List.of(new byte[0], new byte[] {1}, new byte[] {9, 9, 9, 9, 9})) {
      cache.state.put(key, damage);
      cache.state.put("s", damage);
      assertThat(cache.hits("a")).isFalse();
      assertThat(cache.hits("a")).isTrue();
    }
    byte[] truncated = Objects.requireNonNull(cache.state.get(key));
    truncated[truncated.length - 1] = (byte) 0xff;
    cache.state.put(key, truncated);
    assertThat(cache.hits("a")).isFalse();
    assertThat(cache.hits("a")).isTrue();
  }

  @Test
  void shouldNotUseAnswersFromTheFutureWhenTheClockIsSetBack() {
    cache.hits("a");
    cache.now = cache.now.minus(Duration.ofDays(1));
    assertThat(cache.hits("a")).isFalse();
    assertThat(cache.hits("a")).isTrue();
    cache.now = cache.now.minus(Duration.ofSeconds(5));
    assertThat(cache.hits("a")).as("clocks differ a little").isTrue();
  }

  @Test
  void shouldAnswerOperators() {
    cache.hits("a");
    cache.hits("b");
    cache.hits("a");
    assertThat(cache.operate("show"))
        .contains(
            "\"entries\":2",
            "\"hits\":1",
            "\"misses\":2",
            "\"sets\":2",
            "\"saved_calls\":1",
            "\"saved_nanos\":250",
            "\"hit_rate\":0.3333");
    String key = cache.context().contentHash(CacheTrial.request("a"));
    assertThat(cache.operate(new Operation("drop", Map.of("key", key))))
        .isEqualTo("{\"removed\":1}");
    assertThat(cache.operate(new Operation("drop", Map.of("key", key))))
        .isEqualTo("{\"removed\":0}");
    assertThat(cache.operate("reset")).isEqualTo("{\"reset\":true}");
    assertThat(cache.operate("show")).contains("\"hits\":0", "\"entries\":1");
    assertThat(cache.operate("clear")).isEqualTo("{\"removed\":1,\"forgotten\":0,\"left\":0}");
    assertThat(cache.state.size()).as("the summary alone").isEqualTo(1);
    assertThatThrownBy(() -> cache.operate("purge"))
        .hasMessage("the cache knows the operations show, clear, reset and drop, not 'purge'");
    assertThatThrownBy(() -> cache.operate("drop"))
        .hasMessageContaining("drop takes the argument key");
  }

  @Test
  void shouldCountHitsOverARestartWhenTheyWereWrittenDown() {
    cache.hits("a");
    for (int i = 0; i < Tally.MAX_PENDING; i++) {
      cache.hits("a");
    }
    cache.restart();
    assertThat(cache.summary().count(Count.HITS)).isBetween(200L, Tally.MAX_PENDING);
  }

  @Test
  void shouldLetTenantsShareWhenToldSo() {
    CacheHookFactory factory = new CacheHookFactory();
    assertThat(factory.descriptor(Map.of()).scope()).isEqualTo(Scope.TENANT);
    assertThat(factory.descriptor(Map.of("scope", "content")).scope()).isEqualTo(Scope.OWN);
    Set<String> shares = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      shares.add(Shares.of(CacheTrial.request("prompt " + i)));
    }
    assertThat(shares).hasSize(Shares.COUNT);
  }

  @Test
  void shouldNameTheKeyOfAWrongSetting() {
    Map<Map<String, Object>, String> wrong =
        Map.of(
            Map.of("scope", "galaxy"), "scope must be one of tenant, content, is 'galaxy'",
            Map.of("max_entries", 0),
                "max_entries must be a whole number from 1 to 10000000, is '0'",
            Map.of("ttl", Map.of("hot", "soon")), "ttl.hot must be a duration such as",
            Map.of("prediction", Map.of("confidence", 2)),
                "prediction.confidence must be a number from",
            Map.of("ttl", 5), "ttl must be an object, is '5'",
            Map.of("strategy", "fifo"),
                "strategy must be one of [lru, score, predictive, largest-first], is 'fifo'");
    wrong.forEach(
        (config, message) ->
            assertThatThrownBy(() -> new CacheTrial(config)).hasMessageContaining(message));
  }
}
