package io.millrace.stages.conformance;

import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.stages.PipelineUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What waits, and what is kept meanwhile: cases H28 to H30. */
interface WaitingCases extends ContractSteps {

  @ContractCase
  default void h28ShouldCallADeferredHookAgainAlsoAfterARestart() {
    AtomicBoolean open = new AtomicBoolean();
    start(probe("a"), gate(open), probe("c"));
    Exchange request = pipeline().accepted("r1", SMALL);
    pipeline().request(request);
    answer("r2", "gate-open");
    calls().clear();
    pipeline().restart(settings(probe("a"), gate(open), probe("c")));
    pipeline().request(request);
    open.set(true);
    Exchange dispatched = pipeline().dispatched();
    assertThat(dispatched.getRequestId()).isEqualTo("r1");
    assertThat(dispatched.getFrames().getFirst().getHooks()).containsExactly("a", "gate", "c");
    pipeline().reply(answered(dispatched, "yes"));
    assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("yes");
    assertThat(calls()).endsWith("gate>", "c>", "<c", "<gate", "<a").doesNotContain("a>");
    assertThat(eventsOf("request-duplicate")).hasSize(1);
  }

  @ContractCase
  default void h28ShouldKeepTheDeadlineOfWhatIsDeferred() {
    start(probe("a"), gate(new AtomicBoolean()));
    pipeline().request(pipeline().accepted("r1", PipelineUnderTest.SHORT_TIMEOUT, SMALL));
    assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("deadline_exceeded");
    assertThat(calls()).endsWith("<a").doesNotContain("<gate");
    assertThat(pipeline().furtherDispatches()).isEmpty();
  }

  @ContractCase
  default void h29ShouldShareOneCallAndItsOutcomeAlsoOverARestart() {
    start(probe("a"), joining(), probe("c"));
    Exchange leader = dispatch("r1");
    pipeline().request(pipeline().accepted("r2", SMALL));
    answer("other", "one/other");
    pipeline().restart(settings(probe("a"), joining(), probe("c")));
    pipeline().request(pipeline().accepted("r3", SMALL));
    answer("another", "one/another");
    calls().clear();
    pipeline().reply(answered(leader, "shared"));
    List<CompletionResult> results =
        List.of(pipeline().result(), pipeline().result(), pipeline().result());
    assertThat(results)
        .extracting(CompletionResult::getRequestId)
        .containsExactly("r1", "r2", "r3");
    assertThat(results).allSatisfy(r -> assertThat(textOf(r.getOutcome())).isEqualTo("shared"));
    assertThat(results).extracting(CompletionResult::getCostNanos).containsExactly(7L, 0L, 0L);
    assertThat(calls()).containsExactly("<c", "<j", "<a", "<j", "<a", "<j", "<a");
    assertThat(eventsOf("request-coalesced"))
        .extracting(PipelineEvent::getRequestId)
        .containsExactly("r2", "r3");
    assertThat(pipeline().furtherDispatches()).isEmpty();
  }

  @ContractCase
  default void h29ShouldLetOneThatWaitsLeadWhenTheLeaderFails() {
    start(joining());
    Exchange first = dispatch("r1");
    pipeline().request(pipeline().accepted("r2", SMALL));
    pipeline().request(pipeline().accepted("r3", SMALL));
    answer("other", "one/other");
    pipeline().reply(failed(first, ErrorCode.UPSTREAM_REJECTED));
    assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("upstream_rejected");
    Exchange second = pipeline().dispatched();
    assertThat(second.getRequestId()).isEqualTo("r2");
    pipeline().reply(answered(second, "shared"));
    assertThat(List.of(pipeline().result(), pipeline().result()))
        .extracting(CompletionResult::getRequestId)
        .containsExactly("r2", "r3");
  }

  @ContractCase
  default void h30ShouldBoundWhatATenantMayPark() {
    AtomicBoolean open = new AtomicBoolean();
    start(probe("a"), gate(open));
    for (int i = 0; i <= PipelineUnderTest.MAX_PARKED; i++) {
      pipeline().request(pipeline().accepted("r" + i, SMALL));
    }
    CompletionResult refused = pipeline().result();
    assertThat(refused.getRequestId()).isEqualTo("r" + PipelineUnderTest.MAX_PARKED);
    var error = (io.millrace.schemas.avro.PipelineError) refused.getOutcome();
    assertThat(error.getCode()).isEqualTo("queue_full");
    assertThat(error.getHttpStatus()).isEqualTo(429);
    assertThat(error.getRetryAfterMillis()).isPositive();
    open.set(true);
    for (int i = 0; i < PipelineUnderTest.MAX_PARKED; i++) {
      pipeline().reply(answered(pipeline().dispatched(), "yes"));
      pipeline().result();
    }
  }

  @ContractCase
  default void shouldKeepNotesAndStateBetweenPreHookAndPostHookOverARestart() {
    start(probe("a").described(hook -> hook.stateBy(Scope.TENANT)).pre(WaitingCases::noted));
    Exchange dispatched = dispatch("r1");
    pipeline()
        .restart(
            settings(
                probe("a")
                    .described(hook -> hook.stateBy(Scope.TENANT))
                    .post(
                        (outcome, context) -> {
                          calls().add(context.attribute("note").orElse("lost"));
                          byte[] kept = context.state().get("key");
                          calls().add(kept == null ? "lost" : "kept " + kept.length);
                          return outcome;
                        })));
    pipeline().reply(answered(dispatched, "yes"));
    pipeline().result();
    assertThat(calls()).containsExactly("a>", "<a", "noted", "kept 3");
  }

  /** Defers requests until it is open; a request for the model gate-open passes at once. */
  default Probe gate(AtomicBoolean open) {
    return probe("gate")
        .pre(
            (request, context) ->
                open.get() || request.model().equals("gate-open")
                    ? PreHookResult.proceed(request)
                    : PreHookResult.defer(Duration.ofMillis(200)));
  }

  /** Joins requests for the same model. */
  default Probe joining() {
    return probe("j").pre((request, context) -> PreHookResult.join(request, request.model()));
  }

  static PreHookResult noted(CompletionRequest request, HookContext context) {
    context.setAttribute("note", "noted");
    context.state().put("key", new byte[3]);
    return PreHookResult.proceed(request);
  }
}
