package io.millrace.stages.conformance;

import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.AttemptSummary;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fallbacks and plans: cases H18 to H24. */
interface FallbackCases extends ContractSteps {

  @ContractCase
  default void h18h19ShouldTryAFallbackAsTheErrorSaysOrElseItsClass() {
    start(probe("a"));
    Map<String, Boolean> expected = new HashMap<>();
    for (ErrorCategory category : ErrorCategory.values()) {
      for (Boolean allowed : Arrays.asList(null, true, false)) {
        String id = category + "-" + allowed;
        expected.put(id, allowed == null ? category.fallbacksByDefault() : allowed);
        PipelineError error =
            new PipelineError("some_code", category, "on purpose", 500, null, allowed, null);
        pipeline().reply(failed(dispatch(id, BIG), error));
        if (Boolean.TRUE.equals(expected.get(id))) {
          Exchange second = pipeline().dispatched();
          assertThat(second.getTarget().getProvider()).as(id).isEqualTo("two");
          pipeline().reply(answered(second, id));
        }
        CompletionResult result = pipeline().result();
        assertThat(result.getOutcome() instanceof io.millrace.schemas.avro.Completion)
            .as(id)
            .isEqualTo(expected.get(id));
      }
    }
    assertThat(pipeline().furtherDispatches()).isEmpty();
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
  default void h19ShouldKnowTheClassOfEachError(ErrorCode code, boolean fallback) {
    assertThat(code.error("x").mayFallBack()).isEqualTo(fallback);
  }

  @ContractCase
  default void h20ShouldRunAllHooksAgainButPreRequestOnceWhenFallingBack() {
    start(probe("a").plan((plan, context) -> plan), probe("b"));
    pipeline().reply(failed(dispatch("r1", BIG, "one/other"), ErrorCode.UPSTREAM_ERROR));
    pipeline().reply(failed(pipeline().dispatched(), ErrorCode.UPSTREAM_ERROR));
    pipeline().reply(answered(pipeline().dispatched(), "third"));
    assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("third");
    List<String> attempt = List.of("a>", "b>", "<b", "<a");
    List<String> all = new ArrayList<>(List.of("a?"));
    all.addAll(attempt);
    all.addAll(attempt);
    all.addAll(attempt);
    assertThat(calls()).containsExactlyElementsOf(all);
  }

  @ContractCase
  default void h21ShouldStartAFallbackFromTheRequestAsPreRequestLeftIt() {
    start(
        probe("a")
            .plan((plan, context) -> plan.withRequest(saying("planned")))
            .pre(
                (request, context) -> {
                  calls().add(request.messages().getFirst().text());
                  return PreHookResult.proceed(saying("attempt " + context.attempt()));
                }));
    Exchange first = dispatch("r1", BIG);
    pipeline().reply(failed(first, ErrorCode.UPSTREAM_ERROR));
    Exchange second = pipeline().dispatched();
    assertThat(contentOf(first)).isEqualTo("attempt 1");
    assertThat(contentOf(second)).isEqualTo("attempt 2");
    assertThat(second.getTarget().getModel()).isEqualTo("big");
    assertThat(second.getRequest()).isEqualTo(first.getRequest());
    assertThat(second.getRequest().getMessages().getFirst().getContent())
        .isEqualTo("What is a millrace?");
    assertThat(calls()).containsExactly("a?", "a>", "planned", "<a", "a>", "planned");
  }

  @ContractCase
  default void h22ShouldSkipAFallbackWhoseProviderIsUnknown() {
    start(probe("a"));
    pipeline().reply(failed(dispatch("r1", "nobody/m", BIG), ErrorCode.UPSTREAM_ERROR));
    Exchange second = pipeline().dispatched();
    assertThat(second.getTarget().getProvider()).isEqualTo("two");
    pipeline().reply(answered(second, "yes"));
    pipeline().result();
    assertThat(eventsOf("fallback-skipped")).hasSize(1);
  }

  @ContractCase
  default void h23ShouldEndWithTheFallbacksErrorWhenItForbidsMore() {
    start(probe("a"));
    pipeline().reply(failed(dispatch("r1", BIG, "one/other"), ErrorCode.UPSTREAM_ERROR));
    pipeline().reply(failed(pipeline().dispatched(), ErrorCode.UPSTREAM_REJECTED));
    CompletionResult result = pipeline().result();
    assertThat(codeOf(result.getOutcome())).isEqualTo("upstream_rejected");
    assertThat(result.getAttempts()).hasSize(2);
    assertThat(pipeline().furtherDispatches()).isEmpty();
  }

  @ContractCase
  default void h24ShouldEndWithTheFirstErrorWhenAllIsExhausted() {
    start(probe("a"));
    pipeline().reply(failed(dispatch("r1", BIG), ErrorCode.UPSTREAM_TIMEOUT));
    pipeline().reply(failed(pipeline().dispatched(), ErrorCode.UPSTREAM_ERROR));
    CompletionResult result = pipeline().result();
    assertThat(codeOf(result.getOutcome())).isEqualTo("upstream_timeout");
    assertThat(result.getAttempts())
        .extracting((AttemptSummary attempt) -> attempt.getError().getCode())
        .containsExactly("upstream_timeout", "upstream_error");
  }

  @ContractCase
  default void shouldUseAPlanOnceWhenAPreRequestChoosesAnother() {
    start(probe("a").plan((plan, context) -> plan.withTarget(new Target("two", "big"))));
    Exchange dispatched = dispatch("r1");
    assertThat(dispatched.getTarget().getProvider()).isEqualTo("two");
    pipeline().reply(answered(dispatched, "yes"));
    pipeline().result();
    assertThat(eventsOf("route-selected"))
        .singleElement()
        .satisfies(event -> assertThat(event.getSource()).isEqualTo("a"));
  }

  static Object contentOf(Exchange exchange) {
    return exchange.getEffectiveRequest().getMessages().getFirst().getContent();
  }
}
