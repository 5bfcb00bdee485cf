package io.millrace.stages.conformance;

import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hooks make of an outcome, and what their faults cost: cases H8 to H17. */
interface OutcomeCases extends ContractSteps {

  @ContractCase
  default void h08ShouldSucceedWithoutFallbackWhenAPostHookRecovers() {
    start(
        probe("a"),
        probe("b").post((o, c) -> o instanceof PipelineError ? completion("recovered") : o));
    Exchange dispatched = dispatch("r1", BIG);
    pipeline().reply(failed(dispatched, ErrorCode.UPSTREAM_ERROR));
    CompletionResult result = pipeline().result();
    assertThat(textOf(result.getOutcome())).isEqualTo("recovered");
    assertThat(result.getAttempts()).hasSize(1);
    assertThat(pipeline().furtherDispatches()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @ValueSource(booleans = {true, false})
  default void h09ShouldApplyFallbackRulesWhenAPostHookRejects(boolean allowed) {
    PipelineError error = ErrorCode.UPSTREAM_INVALID_RESPONSE.error("nonsense");
    start(probe("a").post((o, c) -> c.attempt() == 1 ? error.withAllowFallbacks(allowed) : o));
    pipeline().reply(answered(dispatch("r1", BIG), "bad"));
    if (allowed) {
      pipeline().reply(answered(pipeline().dispatched(), "good"));
      assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("good");
    } else {
      assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("upstream_invalid_response");
    }
  }

  @ContractCase
  default void h10ShouldShowEachPostHookWhatTheOneBeforeReturned() {
    start(probe("a").post(this::marked), probe("b").post(this::marked));
    pipeline().reply(answered(dispatch("r1"), "x"));
    assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("x++");
  }

  @ContractCase
  default void h11ShouldEndWithExactlyOneOutcomeWhateverComesBack() {
    start(probe("a").post((o, c) -> null), probe("b"));
    Exchange dispatched = dispatch("r1");
    pipeline().reply(dispatched);
    assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("internal_error");
    pipeline().reply(answered(dispatch("r2"), "yes"));
    assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("yes");
  }

  @ContractCase
  default void h12ShouldPassTheRequestOnAsItWasWhenAPreHookThrows() {
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
    pipeline().reply(answered(dispatched, "yes"));
    pipeline().result();
    assertThat(calls()).containsExactly("a>", "b>", "c>", "<c", "<b", "<a");
    assertThat(eventsOf("hook-error")).extracting(PipelineEvent::getSource).containsExactly("b");
    assertThat(statusOf("b").preHook().errors()).isEqualTo(1);
  }

  @ContractCase
  default void h13ShouldEndTheAttemptWithoutFallbackWhenAPreHookThrowsAndMustNot() {
    start(probe("a"), probe("b").onError(OnError.FAIL).pre((r, c) -> thrown()), probe("c"));
    pipeline().request(pipeline().accepted("r1", SMALL, BIG));
    CompletionResult result = pipeline().result();
    assertThat(codeOf(result.getOutcome())).isEqualTo("hook_failed");
    assertThat(calls()).containsExactly("a>", "b>", "<b", "<a");
    assertThat(pipeline().furtherDispatches()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"CONTINUE, yes", "FAIL, hook_failed"})
  default void h14ShouldKeepTheOutcomeOrFailWhenAPostHookThrows(OnError onError, String expected) {
    start(probe("a"), probe("b").onError(onError).post((o, c) -> thrown()));
    pipeline().reply(answered(dispatch("r1", BIG), "yes"));
    Object outcome = pipeline().result().getOutcome();
    assertThat(onError == OnError.FAIL ? codeOf(outcome) : textOf(outcome)).isEqualTo(expected);
    assertThat(calls()).containsExactly("a>", "b>", "<b", "<a");
    assertThat(pipeline().furtherDispatches()).isEmpty();
  }

  @ContractCase
  default void h15ShouldNotStartWhenAHookCannotBeInitialized() {
    assertThatThrownBy(
            () -> start(probe("a"), probe("b").failsToStart(new Exception("no licence"))))
        .hasMessageContaining("hook 'b' cannot start: no licence");
  }

  @ContractCase
  default void h16ShouldCountAndReportAHookThatIsOverItsBudget() {
    start(probe("a").described(hook -> hook.timeBudget(Duration.ofNanos(1))));
    answer("r1");
    assertThat(eventsOf("hook-slow")).extracting(PipelineEvent::getSource).containsOnly("a");
    assertThat(statusOf("a").preHook().slow()).isEqualTo(1);
    assertThat(statusOf("a").postHook().slow()).isEqualTo(1);
  }

  @ContractCase
  default void h17ShouldHarmNoOtherExchangeWhenOneFails() {
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
    pipeline().request(pipeline().accepted("bad", SMALL));
    assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("hook_failed");
    pipeline().reply(answered(good, "yes"));
    assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("yes");
    assertThat(textOf(answer("next").getOutcome())).isEqualTo("yes");
  }

  default Outcome marked(Outcome outcome, @Nullable HookContext context) {
    return completion(((Completion) outcome).text() + "+");
  }

  static <T> T thrown() {
    throw new IllegalStateException("broken on purpose");
  }
}
