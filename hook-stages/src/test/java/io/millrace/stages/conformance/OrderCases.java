package io.millrace.stages.conformance;

import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Exchange;
import io.millrace.stages.PipelineUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hooks run, and in which order: cases H1 to H7. */
interface OrderCases extends ContractSteps {

  @ContractCase
  default void h01ShouldRunPreHooksInOrderAndPostHooksInReverse() {
    start(probe("a"), probe("b"), probe("c"));
    assertThat(textOf(answer("r1").getOutcome())).isEqualTo("yes");
    assertThat(calls()).containsExactly("a>", "b>", "c>", "<c", "<b", "<a");
  }

  @ContractCase
  default void h02ShouldPutLowerOrderFirstAndThenGoByTheListing() {
    start(
        probe("late").described(hook -> hook.order(7)),
        probe("b"),
        probe("a").described(hook -> hook.dependsOn("b")),
        probe("early").described(hook -> hook.order(-1)));
    answer("r1");
    assertThat(calls().subList(0, 4)).containsExactly("early>", "b>", "a>", "late>");
  }

  @ContractCase
  default void h02ShouldRefuseToStartWhenADependencyIsMissingOrCircular() {
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
  default void h03ShouldSkipWhatFollowsWhenAHookResponds(int index, String expected) {
    start(chainWith(index, PreHookResult.respond(completion("mine"))));
    pipeline().request(pipeline().accepted("r1", SMALL));
    assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("mine");
    assertThat(calls()).containsExactly(expected.split(" "));
    assertThat(pipeline().furtherDispatches()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"0, a> <a", "1, a> b> <b <a", "2, a> b> c> <c <b <a"})
  default void h04ShouldSkipWhatFollowsWhenAHookFails(int index, String expected) {
    start(chainWith(index, PreHookResult.fail(ErrorCode.FORBIDDEN.error("not you"))));
    pipeline().request(pipeline().accepted("r1", SMALL, BIG));
    assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("forbidden");
    assertThat(calls()).containsExactly(expected.split(" "));
    assertThat(pipeline().furtherDispatches()).isEmpty();
  }

  @ContractCase
  default void h05ShouldRunEachPostHookOnceWhenTheProviderFails() {
    start(probe("a"), probe("b"));
    Exchange dispatched = dispatch("r1");
    pipeline().reply(failed(dispatched, ErrorCode.UPSTREAM_ERROR));
    assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("upstream_error");
    assertThat(calls()).containsExactly("a>", "b>", "<b", "<a");
  }

  @ContractCase
  default void h05ShouldRunEachPostHookOnceWhenTheDeadlinePasses() {
    start(probe("a"), probe("b"));
    pipeline().request(pipeline().accepted("r1", PipelineUnderTest.SHORT_TIMEOUT, SMALL, BIG));
    Exchange dispatched = pipeline().dispatched();
    assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("deadline_exceeded");
    pipeline().reply(answered(dispatched, "too late"));
    answer("r2");
    assertThat(calls()).containsExactly("a>", "b>", "<b", "<a", "a>", "b>", "<b", "<a");
  }

  @ContractCase
  default void h05ShouldRunEachPostHookOnceWhenRequestAndReplyComeAgain() {
    start(probe("a"), probe("b"));
    Exchange request = pipeline().accepted("r1", SMALL);
    pipeline().request(request);
    pipeline().request(request);
    Exchange dispatched = pipeline().dispatched();
    pipeline().request(request);
    pipeline().reply(answered(dispatched, "yes"));
    pipeline().reply(answered(dispatched, "again"));
    assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("yes");
    pipeline().request(request);
    answer("r2");
    assertThat(calls()).containsExactly("a>", "b>", "<b", "<a", "a>", "b>", "<b", "<a");
    assertThat(pipeline().furtherDispatches()).isEmpty();
    assertThat(pipeline().furtherResults()).isEmpty();
  }

  @ContractCase
  default void h05ShouldRunThePostHooksOfThoseBeforeWhenNothingMoreMayBeParked() {
    start(probe("a"), probe("b").pre(PreHookResult.defer(Duration.ofSeconds(40))));
    for (int i = 0; i <= PipelineUnderTest.MAX_PARKED; i++) {
      pipeline().request(pipeline().accepted("r" + i, SMALL));
    }
    assertThat(codeOf(pipeline().result().getOutcome())).isEqualTo("queue_full");
    assertThat(calls()).endsWith("a>", "b>", "<a").doesNotContain("<b");
  }

  @ContractCase
  default void h06ShouldRunThePostHooksOfTheTrailWhenTheChainChangedMeanwhile() {
    start(probe("a"), probe("gone"), probe("c"));
    Exchange dispatched = dispatch("r1");
    pipeline().restart(settings(probe("added"), probe("a"), probe("c"), probe("last")));
    pipeline().reply(answered(dispatched, "yes"));
    assertThat(textOf(pipeline().result().getOutcome())).isEqualTo("yes");
    assertThat(calls()).containsExactly("a>", "gone>", "c>", "<c", "<a");
    assertThat(eventsOf("hook-skipped"))
        .singleElement()
        .satisfies(event -> assertThat(event.getAttributes()).containsEntry("hook", "gone"));
  }

  @ContractCase
  default void h07ShouldLetNewAttemptsPassByAndEndThoseUnderWayWhenAHookIsSwitchedOff() {
    start(probe("a"), probe("b"));
    Exchange before = dispatch("r1");
    pipeline().order("b", false);
    Exchange during = dispatch("r2");
    pipeline().order("b", true);
    Exchange after = dispatch("r3");
    pipeline().reply(answered(before, "1"));
    pipeline().result();
    assertThat(calls()).containsExactly("a>", "b>", "a>", "a>", "b>", "<b", "<a");
    pipeline().reply(answered(during, "2"));
    pipeline().result();
    assertThat(calls().subList(7, calls().size())).containsExactly("<a");
    pipeline().reply(answered(after, "3"));
    pipeline().result();
    assertThat(calls().subList(8, calls().size())).containsExactly("<b", "<a");
  }

  default Probe[] chainWith(int index, PreHookResult result) {
    Probe[] chain = {probe("a"), probe("b"), probe("c")};
    chain[index].pre(result);
    return chain;
  }
}
