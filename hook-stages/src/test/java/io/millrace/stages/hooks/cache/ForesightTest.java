package io.millrace.stages.hooks.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.testing.TestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForesightTest {

  private final CacheTrial cache = trial(Map.of("min_observations", 3));

  @Test
  void shouldFetchAheadWhatMostOftenFollowedWhenItIsNotThere() {
    teach(3);
    cache.advance(Duration.ofHours(25));
    TestContext context = ask("a");

    TestContext.SubmittedRequest fetched = context.submitted().getFirst();
    assertThat(context.submitted()).hasSize(1);
    assertThat(fetched.request()).isEqualTo(CacheTrial.request("b"));
    assertThat(fetched.id()).matches("[A-Za-z0-9._:-]{1,128}");
    assertThat(fetched.timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(cache.summary().count(Count.FETCHED)).isEqualTo(1);
    assertThat(ask("a").submitted()).as("it is on its way").isEmpty();
  }

  @Test
  void shouldCountAHitAndKeepTheAnswerWhenSomebodyUsesWhatWasFetched() {
    fetched();
    assertThat(cache.hits("b")).isTrue();
    assertThat(cache.summary().count(Count.PREDICTED_HITS)).isEqualTo(1);
    cache.advance(Duration.ofMinutes(30));
    assertThat(cache.hits("b")).as("it lives like any other now").isTrue();
    assertThat(cache.summary().count(Count.PREDICTED_HITS)).isEqualTo(1);
    assertThat(cache.summary().count(Count.PREDICTED_WASTE)).isZero();
  }

  @Test
  void shouldCountWasteWhenNobodyUsesWhatWasFetched() {
    fetched();
    cache.advance(Duration.ofMinutes(5));
    assertThat(cache.hits("b")).as("a shorter life").isFalse();
    assertThat(cache.summary().count(Count.PREDICTED_WASTE)).isEqualTo(1);
    assertThat(cache.summary().count(Count.PREDICTED_HITS)).isZero();
    assertThat(cache.environment.count(CacheMeters.PREDICTED, Map.of("result", "wasted")))
        .isEqualTo(1);
  }

  @Test
  void shouldNotLetABackgroundRequestTeachJoinOrReplaceAnAnswer() {
    teach(3);
    TestContext background = cache.context().inBackground();
    assertThat(cache.pre("new", background))
        .isEqualTo(PreHookResult.proceed(CacheTrial.request("new")));
    assertThat(cache.hits("new")).isFalse();
    cache.post(CacheTrial.answer("other"), background);
    assertThat(cache.hits("new")).as("the user's answer stays").isTrue();
    TestContext again = cache.context().inBackground();
    assertThat(cache.pre("new", again)).isInstanceOf(PreHookResult.Respond.class);
    assertThat(cache.results(Result.BACKGROUND)).isEqualTo(2);
  }

  @Test
  void shouldStayWithinTheBudgetOfAnHour() {
    CacheTrial frugal = trial(Map.of("min_observations", 1, "budget_per_hour", 2));
    List<TestContext.SubmittedRequest> fetched = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      frugal.advance(Duration.ofMinutes(2));
      TestContext first = frugal.context();
      frugal.pre("a", first);
      fetched.addAll(first.submitted());
      TestContext second = frugal.context();
      frugal.pre("b", second);
      fetched.addAll(second.submitted());
    }
    assertThat(fetched).hasSize(2);
    frugal.advance(Duration.ofHours(1));
    TestContext later = frugal.context();
    frugal.pre("a", later);
    assertThat(later.submitted()).hasSize(1);
  }

  @Test
  void shouldNotFetchWhileThePipelineIsBehind() {
    teach(3);
    cache.advance(Duration.ofHours(25));
    cache.queueDelay = Duration.ofMillis(1_001);
    assertThat(ask("a").submitted()).isEmpty();
    cache.advance(Duration.ofHours(25));
    cache.queueDelay = Duration.ofSeconds(1);
    assertThat(ask("a").submitted()).hasSize(1);
  }

  @Test
  void shouldNotFetchWhatFollowsTooRarely() {
    for (int i = 0; i < 10; i++) {
      ask("a");
      ask(i % 2 == 0 ? "b" : "c" + i);
    }
    cache.advance(Duration.ofHours(25));
    assertThat(ask("a").submitted()).isEmpty();
  }

  @Test
  void shouldNotTakeOneCallersRequestForTheSuccessorOfAnothers() {
    for (int i = 0; i < 5; i++) {
      cache.pre("a", cache.context().withCaller(Caller.ofKey("ann", null)));
      cache.pre("b", cache.context().withCaller(Caller.ofKey("bob", null)));
    }
    cache.advance(Duration.ofHours(25));
    TestContext ann = cache.context().withCaller(Caller.ofKey("ann", null));
    cache.pre("a", ann);
    assertThat(ann.submitted()).isEmpty();
  }

  @Test
  void shouldNotSeeASuccessionAcrossALongPause() {
    for (int i = 0; i < 5; i++) {
      ask("a");
      cache.advance(Duration.ofMinutes(11));
      ask("b");
      cache.advance(Duration.ofMinutes(11));
    }
    cache.advance(Duration.ofHours(25));
    assertThat(ask("a").submitted()).isEmpty();
  }

  @Test
  void shouldForgetTheRarestWhenThereAreTooManySuccessors() {
    Known known = new Known(0, 0, List.of(), new byte[0]);
    for (int i = 0; i < 1_000; i++) {
      known = known.followedBy(i % 2 == 0 ? "often" : "rare " + i);
    }
    assertThat(known.successors()).hasSizeLessThanOrEqualTo(Known.MAX_SUCCESSORS);
    Known.Successor likeliest = known.likeliest().orElseThrow();
    assertThat(likeliest.hash()).isEqualTo("often");
    assertThat(known.succession(likeliest).total()).isLessThanOrEqualTo(Known.MAX_TOTAL + 1);
    assertThat(known.succession(likeliest).confidence()).isGreaterThan(0.5);
    assertThat(Known.of(known.toBytes()))
        .extracting(Known::successors)
        .isEqualTo(known.successors());
  }

  @Test
  void shouldLearnNothingWithAStrategyThatDoesNotPredict() {
    CacheTrial plain = new CacheTrial(Map.of("strategy", "score"));
    plain.hits("a");
    assertThat(plain.state.size()).as("an answer and the summary").isEqualTo(2);
  }

  /** Has b fetched after a. */
  private void fetched() {
    teach(3);
    cache.advance(Duration.ofHours(25));
    assertThat(ask("a").submitted()).hasSize(1);
    TestContext background = cache.context().inBackground();
    cache.pre("b", background);
    cache.post(CacheTrial.answer("b"), background);
  }

  private void teach(int times) {
    for (int i = 0; i < times; i++) {
      ask("a");
      ask("b");
    }
  }

  private TestContext ask(String prompt) {
    cache.advance(Duration.ofSeconds(1));
    TestContext context = cache.context();
    if (!(cache.pre(prompt, context) instanceof PreHookResult.Respond)) {
      cache.post(CacheTrial.answer(prompt), context);
    }
    return context;
  }

  private static CacheTrial trial(Map<String, Object> prediction) {
    Map<String, Object> config = new HashMap<>();
    config.put("strategy", "predictive");
    config.put("prediction", prediction);
    return new CacheTrial(config);
  }
}
