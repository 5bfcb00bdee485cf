package io.millrace.stages.conformance;

import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.Usage;
import io.millrace.schemas.avro.AttemptSummary;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.stages.HookSetting;
import io.millrace.stages.HookStatus;
import io.millrace.stages.PipelineUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hook contract. Each test bears the number of the case that it holds; subclasses say what it
 * runs on.
 */
abstract class HookContract {

  private static final String SMALL = "one/small";
  private static final String BIG = "two/big";

  final List<String> calls = new CopyOnWriteArrayList<>();
  PipelineUnderTest pipeline;

  abstract PipelineUnderTest open();

  @BeforeEach
  void openPipeline() {
    pipeline = open();
  }

  @AfterEach
  void closePipeline() {
    pipeline.close();
  }

  @ContractCase
  void h01ShouldRunPreHooksInOrderAndPostHooksInReverse() {
    start(probe("a"), probe("b"), probe("c"));
    assertThat(textOf(answer("r1").getOutcome())).isEqualTo("yes");
    assertThat(calls).containsExactly("a>", "b>", "c>", "<c", "<b", "<a");
  }

  @ContractCase
  void h02ShouldPutLowerOrderFirstAndThenGoByTheListing() {
    start(
        probe("late").described(hook -> hook.order(7)),
        probe("b"),
        probe("a").described(hook -> hook.dependsOn("b")),
        probe("early").described(hook -> hook.order(-1)));
    answer("r1");
    assertThat(calls.subList(0, 4)).containsExactly("early>", "b>", "a>", "late>");
  }

  @ContractCase
  void h02ShouldRefuseToStartWhenADependencyIsMissingOrCircular() {
    assertThatThrownBy(() -> start(probe("a").described(hook -> hook.dependsOn("nobody"))))
        .hasMessageContaining("'a'")
        .hasMessageContaining("'nobody'");
    assertThatThrownBy(
            () ->
                start(
                    probe("a").described(hook -> hook.dependsOn("b")),
                    probe("b").described(hook -> hook.dependsOn("a"))))
        .hasMessageContaining("hooks 'a' and 'b' depend on each other");
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"0, a> <a", "1, a> b> <b <a", "2, a> b> c> <c <b <a"})
  void h03ShouldSkipWhatFollowsWhenAHookResponds(int index, String expected) {
    start(chainWith(index, PreHookResult.respond(completion("mine"))));
    pipeline.request(pipeline.accepted("r1", SMALL));
    assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("mine");
    assertThat(calls).containsExactly(expected.split(" "));
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"0, a> <a", "1, a> b> <b <a", "2, a> b> c> <c <b <a"})
  void h04ShouldSkipWhatFollowsWhenAHookFails(int index, String expected) {
    start(chainWith(index, PreHookResult.fail(ErrorCode.FORBIDDEN.error("not you"))));
    pipeline.request(pipeline.accepted("r1", SMALL, BIG));
    assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("forbidden");
    assertThat(calls).containsExactly(expected.split(" "));
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ContractCase
  void h05ShouldRunEachPostHookOnceWhenTheProviderFails() {
    start(probe("a"), probe("b"));
    Exchange dispatched = dispatch("r1");
    pipeline.reply(failed(dispatched, ErrorCode.UPSTREAM_ERROR));
    assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("upstream_error");
    assertThat(calls).containsExactly("a>", "b>", "<b", "<a");
  }

  @ContractCase
  void h05ShouldRunEachPostHookOnceWhenTheDeadlinePasses() {
    start(probe("a"), probe("b"));
    pipeline.request(pipeline.accepted("r1", Duration.ofMillis(1_500), SMALL, BIG));
    Exchange dispatched = pipeline.dispatched();
    assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("deadline_exceeded");
    pipeline.reply(answered(dispatched, "too late"));
    answer("r2");
    assertThat(calls).containsExactly("a>", "b>", "<b", "<a", "a>", "b>", "<b", "<a");
  }

  @ContractCase
  void h05ShouldRunEachPostHookOnceWhenRequestAndReplyComeAgain() {
    start(probe("a"), probe("b"));
    Exchange request = pipeline.accepted("r1", SMALL);
    pipeline.request(request);
    pipeline.request(request);
    Exchange dispatched = pipeline.dispatched();
    pipeline.request(request);
    pipeline.reply(answered(dispatched, "yes"));
    pipeline.reply(answered(dispatched, "again"));
    assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("yes");
    pipeline.request(request);
    answer("r2");
    assertThat(calls).containsExactly("a>", "b>", "<b", "<a", "a>", "b>", "<b", "<a");
    assertThat(pipeline.furtherDispatches()).isEmpty();
    assertThat(pipeline.furtherResults()).isEmpty();
  }

  @ContractCase
  void h05ShouldRunThePostHooksOfThoseBeforeWhenNothingMoreMayBeParked() {
    start(probe("a"), probe("b").pre(PreHookResult.defer(Duration.ofSeconds(40))));
    for (int i = 0; i <= PipelineUnderTest.MAX_PARKED; i++) {
      pipeline.request(pipeline.accepted("r" + i, SMALL));
    }
    assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("queue_full");
    assertThat(calls).endsWith("a>", "b>", "<a").doesNotContain("<b");
  }

  @ContractCase
  void h06ShouldRunThePostHooksOfTheTrailWhenTheChainChangedMeanwhile() {
    start(probe("a"), probe("gone"), probe("c"));
    Exchange dispatched = dispatch("r1");
    pipeline.restart(settings(probe("added"), probe("a"), probe("c"), probe("last")));
    pipeline.reply(answered(dispatched, "yes"));
    assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("yes");
    assertThat(calls).containsExactly("a>", "gone>", "c>", "<c", "<a");
    assertThat(eventsOf("hook-skipped"))
        .singleElement()
        .satisfies(event -> assertThat(event.getAttributes()).containsEntry("hook", "gone"));
  }

  @ContractCase
  void h07ShouldLetNewAttemptsPassByAndEndThoseUnderWayWhenAHookIsSwitchedOff() {
    start(probe("a"), probe("b"));
    Exchange before = dispatch("r1");
    pipeline.order("b", false);
    Exchange during = dispatch("r2");
    pipeline.order("b", true);
    Exchange after = dispatch("r3");
    pipeline.reply(answered(before, "1"));
    pipeline.result();
    assertThat(calls).containsExactly("a>", "b>", "a>", "a>", "b>", "<b", "<a");
    pipeline.reply(answered(during, "2"));
    pipeline.result();
    assertThat(calls.subList(7, calls.size())).containsExactly("<a");
    pipeline.reply(answered(after, "3"));
    pipeline.result();
    assertThat(calls.subList(8, calls.size())).containsExactly("<b", "<a");
  }

  @ContractCase
  void h08ShouldSucceedWithoutFallbackWhenAPostHookRecovers() {
    start(
        probe("a"),
        probe("b").post((o, c) -> o instanceof PipelineError ? completion("recovered") : o));
    Exchange dispatched = dispatch("r1", BIG);
    pipeline.reply(failed(dispatched, ErrorCode.UPSTREAM_ERROR));
    CompletionResult result = pipeline.result();
    assertThat(textOf(result.getOutcome())).isEqualTo("recovered");
    assertThat(result.getAttempts()).hasSize(1);
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @ValueSource(booleans = {true, false})
  void h09ShouldApplyFallbackRulesWhenAPostHookRejects(boolean allowed) {
    PipelineError error = ErrorCode.UPSTREAM_INVALID_RESPONSE.error("nonsense");
    start(probe("a").post((o, c) -> c.attempt() == 1 ? error.withAllowFallbacks(allowed) : o));
    pipeline.reply(answered(dispatch("r1", BIG), "bad"));
    if (allowed) {
      pipeline.reply(answered(pipeline.dispatched(), "good"));
      assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("good");
    } else {
      assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("upstream_invalid_response");
    }
  }

  @ContractCase
  void h10ShouldShowEachPostHookWhatTheOneBeforeReturned() {
    start(probe("a").post(HookContract::marked), probe("b").post(HookContract::marked));
    pipeline.reply(answered(dispatch("r1"), "x"));
    assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("x++");
  }

  @ContractCase
  void h11ShouldEndWithExactlyOneOutcomeWhateverComesBack() {
    start(probe("a").post((o, c) -> null), probe("b"));
    Exchange dispatched = dispatch("r1");
    pipeline.reply(dispatched);
    assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("internal_error");
    pipeline.reply(answered(dispatch("r2"), "yes"));
    assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("yes");
  }

  @ContractCase
  void h12ShouldPassTheRequestOnAsItWasWhenAPreHookThrows() {
    start(
        probe("a").pre((r, c) -> PreHookResult.proceed(saying("from a"))),
        probe("b").pre((r, c) -> thrown()),
        probe("c").pre((r, c) -> PreHookResult.proceed(r)));
    Exchange dispatched = dispatch("r1");
    assertThat(dispatched.getEffectiveRequest().getMessages().getFirst().getContent())
        .isEqualTo("from a");
    assertThat(dispatched.getTrail())
        .extracting(entry -> entry.getHook() + " " + entry.getDecision())
        .containsExactly("a continue", "b error", "c continue");
    pipeline.reply(answered(dispatched, "yes"));
    pipeline.result();
    assertThat(calls).containsExactly("a>", "b>", "c>", "<c", "<b", "<a");
    assertThat(eventsOf("hook-error")).extracting(PipelineEvent::getSource).containsExactly("b");
    assertThat(statusOf("b").preHook().errors()).isEqualTo(1);
  }

  @ContractCase
  void h13ShouldEndTheAttemptWithoutFallbackWhenAPreHookThrowsAndMustNot() {
    start(probe("a"), probe("b").onError(OnError.FAIL).pre((r, c) -> thrown()), probe("c"));
    pipeline.request(pipeline.accepted("r1", SMALL, BIG));
    CompletionResult result = pipeline.result();
    assertThat(codeOf(result.getOutcome())).isEqualTo("hook_failed");
    assertThat(calls).containsExactly("a>", "b>", "<b", "<a");
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"CONTINUE, yes", "FAIL, hook_failed"})
  void h14ShouldKeepTheOutcomeOrFailWhenAPostHookThrows(OnError onError, String expected) {
    start(probe("a"), probe("b").onError(onError).post((o, c) -> thrown()));
    pipeline.reply(answered(dispatch("r1", BIG), "yes"));
    Object outcome = pipeline.result().getOutcome();
    assertThat(onError == OnError.FAIL ? codeOf(outcome) : textOf(outcome)).isEqualTo(expected);
    assertThat(calls).containsExactly("a>", "b>", "<b", "<a");
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ContractCase
  void h15ShouldNotStartWhenAHookCannotBeInitialized() {
    assertThatThrownBy(
            () -> start(probe("a"), probe("b").failsToStart(new Exception("no licence"))))
        .hasMessageContaining("hook 'b' cannot start: no licence");
  }

  @ContractCase
  void h16ShouldCountAndReportAHookThatIsOverItsBudget() {
    start(probe("a").described(hook -> hook.timeBudget(Duration.ofNanos(1))));
    answer("r1");
    assertThat(eventsOf("hook-slow")).extracting(PipelineEvent::getSource).containsOnly("a");
    assertThat(statusOf("a").preHook().slow()).isEqualTo(1);
    assertThat(statusOf("a").postHook().slow()).isEqualTo(1);
  }

  @ContractCase
  void h17ShouldHarmNoOtherExchangeWhenOneFails() {
    start(
        probe("a")
            .onError(OnError.FAIL)
            .pre(
                (request, context) -> {
                  if (context.requestId().equals("bad")) {
                    throw new StackOverflowError("on purpose");
                  }
                  return PreHookResult.proceed(request);
                }));
    Exchange good = dispatch("good");
    pipeline.request(pipeline.accepted("bad", SMALL));
    assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("hook_failed");
    pipeline.reply(answered(good, "yes"));
    assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("yes");
    assertThat(textOf(answer("next").getOutcome())).isEqualTo("yes");
  }

  @ContractCase
  void h18h19ShouldTryAFallbackAsTheErrorSaysOrElseItsClass() {
    start(probe("a"));
    Map<String, Boolean> expected = new HashMap<>();
    for (ErrorCategory category : ErrorCategory.values()) {
      for (Boolean allowed : Arrays.asList(null, true, false)) {
        String id = category + "-" + allowed;
        expected.put(id, allowed == null ? category.fallbacksByDefault() : allowed);
        PipelineError error =
            new PipelineError("some_code", category, "on purpose", 500, null, allowed, null);
        pipeline.reply(failed(dispatch(id, BIG), error));
        if (Boolean.TRUE.equals(expected.get(id))) {
          Exchange second = pipeline.dispatched();
          assertThat(second.getTarget().getProvider()).as(id).isEqualTo("two");
          pipeline.reply(answered(second, id));
        }
        CompletionResult result = pipeline.result();
        assertThat(result.getOutcome() instanceof io.millrace.schemas.avro.Completion)
            .as(id)
            .isEqualTo(expected.get(id));
      }
    }
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({
    "UPSTREAM_RATE_LIMITED, true",
    "UPSTREAM_TIMEOUT, true",
    "UPSTREAM_ERROR, true",
    "UPSTREAM_REJECTED, false",
    "UNAUTHENTICATED, false",
    "INVALID_REQUEST, false"
  })
  void h19ShouldKnowTheClassOfEachError(ErrorCode code, boolean fallback) {
    assertThat(code.error("x").mayFallBack()).isEqualTo(fallback);
  }

  @ContractCase
  void h20ShouldRunAllHooksAgainButPreRequestOnceWhenFallingBack() {
    start(probe("a").plan((plan, context) -> plan), probe("b"));
    pipeline.reply(failed(dispatch("r1", BIG, "one/other"), ErrorCode.UPSTREAM_ERROR));
    pipeline.reply(failed(pipeline.dispatched(), ErrorCode.UPSTREAM_ERROR));
    pipeline.reply(answered(pipeline.dispatched(), "third"));
    assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("third");
    List<String> attempt = List.of("a>", "b>", "<b", "<a");
    List<String> all = new ArrayList<>(List.of("a?"));
    all.addAll(attempt);
    all.addAll(attempt);
    all.addAll(attempt);
    assertThat(calls).containsExactlyElementsOf(all);
  }

  @ContractCase
  void h21ShouldStartAFallbackFromTheRequestAsPreRequestLeftIt() {
    start(
        probe("a")
            .plan((plan, context) -> plan.withRequest(saying("planned")))
            .pre(
                (request, context) -> {
                  calls.add(request.messages().getFirst().text());
                  return PreHookResult.proceed(saying("attempt " + context.attempt()));
                }));
    Exchange first = dispatch("r1", BIG);
    pipeline.reply(failed(first, ErrorCode.UPSTREAM_ERROR));
    Exchange second = pipeline.dispatched();
    assertThat(contentOf(first)).isEqualTo("attempt 1");
    assertThat(contentOf(second)).isEqualTo("attempt 2");
    assertThat(second.getTarget().getModel()).isEqualTo("big");
    assertThat(second.getRequest()).isEqualTo(first.getRequest());
    assertThat(second.getRequest().getMessages().getFirst().getContent())
        .isEqualTo("What is a millrace?");
    assertThat(calls).containsExactly("a?", "a>", "planned", "<a", "a>", "planned");
  }

  @ContractCase
  void h22ShouldSkipAFallbackWhoseProviderIsUnknown() {
    start(probe("a"));
    pipeline.reply(failed(dispatch("r1", "nobody/m", BIG), ErrorCode.UPSTREAM_ERROR));
    Exchange second = pipeline.dispatched();
    assertThat(second.getTarget().getProvider()).isEqualTo("two");
    pipeline.reply(answered(second, "yes"));
    pipeline.result();
    assertThat(eventsOf("fallback-skipped")).hasSize(1);
  }

  @ContractCase
  void h23ShouldEndWithTheFallbacksErrorWhenItForbidsMore() {
    start(probe("a"));
    pipeline.reply(failed(dispatch("r1", BIG, "one/other"), ErrorCode.UPSTREAM_ERROR));
    pipeline.reply(failed(pipeline.dispatched(), ErrorCode.UPSTREAM_REJECTED));
    CompletionResult result = pipeline.result();
    assertThat(codeOf(result.getOutcome())).isEqualTo("upstream_rejected");
    assertThat(result.getAttempts()).hasSize(2);
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ContractCase
  void h24ShouldEndWithTheFirstErrorWhenAllIsExhausted() {
    start(probe("a"));
    pipeline.reply(failed(dispatch("r1", BIG), ErrorCode.UPSTREAM_TIMEOUT));
    pipeline.reply(failed(pipeline.dispatched(), ErrorCode.UPSTREAM_ERROR));
    CompletionResult result = pipeline.result();
    assertThat(codeOf(result.getOutcome())).isEqualTo("upstream_timeout");
    assertThat(result.getAttempts())
        .extracting((AttemptSummary attempt) -> attempt.getError().getCode())
        .containsExactly("upstream_timeout", "upstream_error");
  }

  @ContractCase
  void h28ShouldCallADeferredHookAgainAlsoAfterARestart() {
    AtomicBoolean open = new AtomicBoolean();
    start(probe("a"), gate(open), probe("c"));
    Exchange request = pipeline.accepted("r1", SMALL);
    pipeline.request(request);
    answer("r2", "gate-open");
    calls.clear();
    pipeline.restart(settings(probe("a"), gate(open), probe("c")));
    pipeline.request(request);
    open.set(true);
    Exchange dispatched = pipeline.dispatched();
    assertThat(dispatched.getRequestId()).isEqualTo("r1");
    assertThat(dispatched.getFrames().getFirst().getHooks()).containsExactly("a", "gate", "c");
    pipeline.reply(answered(dispatched, "yes"));
    assertThat(textOf(pipeline.result().getOutcome())).isEqualTo("yes");
    assertThat(calls).endsWith("gate>", "c>", "<c", "<gate", "<a").doesNotContain("a>");
    assertThat(eventsOf("request-duplicate")).hasSize(1);
  }

  @ContractCase
  void h28ShouldKeepTheDeadlineOfWhatIsDeferred() {
    start(probe("a"), gate(new AtomicBoolean()));
    pipeline.request(pipeline.accepted("r1", Duration.ofSeconds(1), SMALL));
    assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("deadline_exceeded");
    assertThat(calls).endsWith("<a").doesNotContain("<gate");
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ContractCase
  void h29ShouldShareOneCallAndItsOutcomeAlsoOverARestart() {
    start(probe("a"), joining(), probe("c"));
    Exchange leader = dispatch("r1");
    pipeline.request(pipeline.accepted("r2", SMALL));
    answer("other", "one/other");
    pipeline.restart(settings(probe("a"), joining(), probe("c")));
    pipeline.request(pipeline.accepted("r3", SMALL));
    answer("another", "one/another");
    calls.clear();
    pipeline.reply(answered(leader, "shared"));
    List<CompletionResult> results =
        List.of(pipeline.result(), pipeline.result(), pipeline.result());
    assertThat(results)
        .extracting(CompletionResult::getRequestId)
        .containsExactly("r1", "r2", "r3");
    assertThat(results).allSatisfy(r -> assertThat(textOf(r.getOutcome())).isEqualTo("shared"));
    assertThat(results).extracting(CompletionResult::getCostNanos).containsExactly(7L, 0L, 0L);
    assertThat(calls).containsExactly("<c", "<j", "<a", "<j", "<a", "<j", "<a");
    assertThat(eventsOf("request-coalesced"))
        .extracting(PipelineEvent::getRequestId)
        .containsExactly("r2", "r3");
    assertThat(pipeline.furtherDispatches()).isEmpty();
  }

  @ContractCase
  void h29ShouldLetOneThatWaitsLeadWhenTheLeaderFails() {
    start(joining());
    Exchange first = dispatch("r1");
    pipeline.request(pipeline.accepted("r2", SMALL));
    pipeline.request(pipeline.accepted("r3", SMALL));
    answer("other", "one/other");
    pipeline.reply(failed(first, ErrorCode.UPSTREAM_REJECTED));
    assertThat(codeOf(pipeline.result().getOutcome())).isEqualTo("upstream_rejected");
    Exchange second = pipeline.dispatched();
    assertThat(second.getRequestId()).isEqualTo("r2");
    pipeline.reply(answered(second, "shared"));
    assertThat(List.of(pipeline.result(), pipeline.result()))
        .extracting(CompletionResult::getRequestId)
        .containsExactly("r2", "r3");
  }

  @ContractCase
  void h30ShouldBoundWhatATenantMayPark() {
    AtomicBoolean open = new AtomicBoolean();
    start(probe("a"), gate(open));
    for (int i = 0; i <= PipelineUnderTest.MAX_PARKED; i++) {
      pipeline.request(pipeline.accepted("r" + i, SMALL));
    }
    CompletionResult refused = pipeline.result();
    assertThat(refused.getRequestId()).isEqualTo("r" + PipelineUnderTest.MAX_PARKED);
    var error = (io.millrace.schemas.avro.PipelineError) refused.getOutcome();
    assertThat(error.getCode()).isEqualTo("queue_full");
    assertThat(error.getHttpStatus()).isEqualTo(429);
    assertThat(error.getRetryAfterMillis()).isPositive();
    open.set(true);
    for (int i = 0; i < PipelineUnderTest.MAX_PARKED; i++) {
      pipeline.reply(answered(pipeline.dispatched(), "yes"));
      pipeline.result();
    }
  }

  @ContractCase
  void shouldKeepNotesAndStateBetweenPreHookAndPostHookOverARestart() {
    start(probe("a").described(hook -> hook.stateBy(Scope.TENANT)).pre(HookContract::noted));
    Exchange dispatched = dispatch("r1");
    pipeline.restart(
        settings(
            probe("a")
                .described(hook -> hook.stateBy(Scope.TENANT))
                .post(
                    (outcome, context) -> {
                      calls.add(context.attribute("note").orElse("lost"));
                      byte[] kept = context.state().get("key");
                      calls.add(kept == null ? "lost" : "kept " + kept.length);
                      return outcome;
                    })));
    pipeline.reply(answered(dispatched, "yes"));
    pipeline.result();
    assertThat(calls).containsExactly("a>", "<a", "noted", "kept 3");
  }

  @ContractCase
  void shouldUseAPlanOnceWhenAPreRequestChoosesAnother() {
    start(probe("a").plan((plan, context) -> plan.withTarget(new Target("two", "big"))));
    Exchange dispatched = dispatch("r1");
    assertThat(dispatched.getTarget().getProvider()).isEqualTo("two");
    pipeline.reply(answered(dispatched, "yes"));
    pipeline.result();
    assertThat(eventsOf("route-selected"))
        .singleElement()
        .satisfies(event -> assertThat(event.getSource()).isEqualTo("a"));
  }

  void start(Probe... probes) {
    pipeline.start(settings(probes));
  }

  static List<HookSetting> settings(Probe... probes) {
    return Arrays.stream(probes).map(Probe::setting).toList();
  }

  Probe probe(String name) {
    return new Probe(name, calls);
  }

  private Probe[] chainWith(int index, PreHookResult result) {
    Probe[] chain = {probe("a"), probe("b"), probe("c")};
    chain[index].pre(result);
    return chain;
  }

  /** Defers requests until it is open; a request for the model gate-open passes at once. */
  private Probe gate(AtomicBoolean open) {
    return probe("gate")
        .pre(
            (request, context) ->
                open.get() || request.model().equals("gate-open")
                    ? PreHookResult.proceed(request)
                    : PreHookResult.defer(Duration.ofMillis(200)));
  }

  /** Joins requests for the same model. */
  private Probe joining() {
    return probe("j").pre((request, context) -> PreHookResult.join(request, request.model()));
  }

  Exchange dispatch(String id, String... fallbacks) {
    pipeline.request(pipeline.accepted(id, SMALL, fallbacks));
    return pipeline.dispatched();
  }

  CompletionResult answer(String id) {
    return answer(id, SMALL);
  }

  private CompletionResult answer(String id, String model) {
    pipeline.request(pipeline.accepted(id, model));
    pipeline.reply(answered(pipeline.dispatched(), "yes"));
    CompletionResult result = pipeline.result();
    assertThat(result.getRequestId()).isEqualTo(id);
    return result;
  }

  private List<PipelineEvent> eventsOf(String type) {
    return pipeline.events().stream().filter(event -> event.getType().equals(type)).toList();
  }

  private HookStatus statusOf(String hook) {
    return pipeline.hooks().stream()
        .filter(status -> status.name().equals(hook))
        .findFirst()
        .orElseThrow();
  }

  private static Object contentOf(Exchange exchange) {
    return exchange.getEffectiveRequest().getMessages().getFirst().getContent();
  }

  static PreHookResult noted(
      io.millrace.plugin.model.CompletionRequest request,
      io.millrace.plugin.hook.HookContext context) {
    context.setAttribute("note", "noted");
    context.state().put("key", new byte[3]);
    return PreHookResult.proceed(request);
  }

  private static Outcome marked(
      Outcome outcome, io.millrace.plugin.hook.@Nullable HookContext context) {
    return completion(((Completion) outcome).text() + "+");
  }

  private static io.millrace.plugin.model.CompletionRequest saying(String text) {
    return io.millrace.plugin.model.CompletionRequest.of(SMALL, "x")
        .withMessages(List.of(Message.user(text)));
  }

  private static Completion completion(String text) {
    return Completion.ofText("id", "model", 1, text, Usage.NONE);
  }

  private static <T> T thrown() {
    throw new IllegalStateException("broken on purpose");
  }
}
