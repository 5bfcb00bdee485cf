package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static io.millrace.stages.HomeDriver.hook;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Order, symmetry, short-circuits and faults of hooks (contract cases H1 to H14, H20, H21). */
class HookNodesTest {

  @TempDir Path stateDir;
  private final List<String> calls = new ArrayList<>();

  @Test
  void shouldRunPreHooksInOrderAndPostHooksInReverse() {
    try (HomeDriver home =
        driver(
            new RecordingHook("a", calls),
            new RecordingHook("b", calls),
            new RecordingHook("c", calls))) {
      home.request(accepted("r1", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(calls).containsExactly("a>", "b>", "c>", "<c", "<b", "<a");
      assertThat(home.results()).hasSize(1);
    }
  }

  @Test
  void shouldSkipTheRestWhenAHookResponds() {
    Hook responding =
        new RecordingHook("b", calls) {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            super.preHook(request, context);
            return PreHookResult.respond(Completion.ofText("x", "mine", 1, "cached", Usage.NONE));
          }
        };
    try (HomeDriver home =
        driver(new RecordingHook("a", calls), responding, new RecordingHook("c", calls))) {
      home.request(accepted("r1", "one/small"));
      assertThat(calls).containsExactly("a>", "b>", "<b", "<a");
      assertThat(home.dispatched()).isEmpty();
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("cached");
    }
  }

  @Test
  void shouldFallBackWhenAHookFailsWithAnErrorThatAllowsIt() {
    Hook failing =
        new RecordingHook("b", calls) {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            super.preHook(request, context);
            return context.attempt() == 1
                ? PreHookResult.fail(ErrorCode.RATE_LIMITED.error("slow down"))
                : PreHookResult.proceed(request);
          }
        };
    try (HomeDriver home = driver(new RecordingHook("a", calls), failing)) {
      home.request(accepted("r1", "one/small", "two/big"));
      assertThat(calls).containsExactly("a>", "b>", "<b", "<a", "a>", "b>");
      home.reply(answered(home.dispatched().getFirst(), "second"));
      assertThat(calls).hasSize(8);
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("second");
    }
  }

  @Test
  void shouldLetAPostHookRecoverFromAnError() {
    Hook recovering =
        new RecordingHook("a", calls) {
          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            return outcome instanceof PipelineError
                ? Completion.ofText("x", "mine", 1, "recovered", Usage.NONE)
                : outcome;
          }
        };
    try (HomeDriver home = driver(recovering)) {
      home.request(accepted("r1", "one/small", "two/big"));
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_ERROR));
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("recovered");
      assertThat(home.pendingFallbacks()).isZero();
    }
  }

  @Test
  void shouldLetAPostHookRejectAResponse() {
    Hook rejecting =
        new RecordingHook("a", calls) {
          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            return new PipelineError(
                "too_rude",
                io.millrace.plugin.model.ErrorCategory.SECURITY,
                "no",
                403,
                null,
                null,
                null);
          }
        };
    try (HomeDriver home = driver(rejecting)) {
      home.request(accepted("r1", "one/small", "two/big"));
      home.reply(answered(home.dispatched().getFirst(), "rude"));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("too_rude");
    }
  }

  @Test
  void shouldDispatchTheChangedRequestAndKeepTheOriginalForTheFallback() {
    Hook changing =
        new RecordingHook("a", calls) {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            return PreHookResult.proceed(
                request.withMessages(List.of(Message.user("changed " + context.attempt()))));
          }
        };
    try (HomeDriver home = driver(changing)) {
      home.request(accepted("r1", "one/small", "two/big"));
      Exchange first = home.dispatched().getFirst();
      assertThat(first.getEffectiveRequest().getMessages().getFirst().getContent())
          .isEqualTo("changed 1");
      assertThat(first.getRequest().getMessages().getFirst().getContent())
          .isEqualTo("What is a millrace?");
      home.reply(failed(first, ErrorCode.UPSTREAM_ERROR));
      assertThat(
              home.dispatched()
                  .getFirst()
                  .getEffectiveRequest()
                  .getMessages()
                  .getFirst()
                  .getContent())
          .isEqualTo("changed 2");
    }
  }

  @Test
  void shouldHandNotesFromPreHookToPostHookOfTheSameAttemptOnly() {
    List<String> seen = new ArrayList<>();
    Hook noting =
        new RecordingHook("a", calls) {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            seen.add("pre " + context.attribute("note").orElse("none"));
            context.setAttribute("note", "attempt " + context.attempt());
            return PreHookResult.proceed(request);
          }

          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            seen.add("post " + context.attribute("note").orElse("none"));
            return outcome;
          }
        };
    try (HomeDriver home = driver(noting)) {
      home.request(accepted("r1", "one/small", "two/big"));
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_ERROR));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(seen).containsExactly("pre none", "post attempt 1", "pre none", "post attempt 2");
    }
  }

  @Test
  void shouldGoOnWhenAHookThrowsAndItsSettingIsContinue() {
    try (HomeDriver home =
        driver(
            hook("a", new RecordingHook("a", calls)),
            hook("b", new Throwing(), OnError.CONTINUE))) {
      home.request(accepted("r1", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("yes");
      assertThat(calls).containsExactly("a>", "<a");
      assertThat(home.eventTypes()).contains("hook-error", "hook-error");
    }
  }

  @Test
  void shouldEndTheAttemptWithoutFallbackWhenAHookThrowsAndItsSettingIsFail() {
    try (HomeDriver home =
        driver(hook("a", new RecordingHook("a", calls)), hook("b", new Throwing(), OnError.FAIL))) {
      home.request(accepted("r1", "one/small", "two/big"));
      CompletionResult result = home.results().getFirst();
      assertThat(codeOf(result.getOutcome())).isEqualTo("hook_failed");
      assertThat(calls).containsExactly("a>", "<a");
      assertThat(home.pendingFallbacks()).isZero();
    }
  }

  @Test
  void shouldRunThePostHooksThatRanWhenTheDeadlinePasses() {
    try (HomeDriver home = driver(new RecordingHook("a", calls), new RecordingHook("b", calls))) {
      home.request(accepted("r1", "one/small"));
      home.advance(Exchanges.TIMEOUT.plusSeconds(1));
      assertThat(calls).containsExactly("a>", "b>", "<b", "<a");
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("deadline_exceeded");
    }
  }

  @Test
  void shouldRunOnlyThePostHooksThatRanWhenTheChainChangedMeanwhile() {
    HomeDriver before = driver(new RecordingHook("a", calls), new RecordingHook("gone", calls));
    before.request(accepted("r1", "one/small"));
    Exchange dispatched = before.dispatched().getFirst();
    calls.clear();
    try (HomeDriver after =
        before.restart(
            hook("a", new RecordingHook("a", calls)),
            hook("added", new RecordingHook("added", calls)))) {
      after.reply(answered(dispatched, "yes"));
      assertThat(calls).containsExactly("<a");
      assertThat(after.eventTypes()).containsExactly("hook-skipped");
      assertThat(after.results()).hasSize(1);
    }
  }

  @Test
  void shouldRunThePostHooksOfTheRunThatCountsWhenAReplyCameBeforeIt() {
    Exchange dispatched;
    try (HomeDriver takenBack =
        driver(new RecordingHook("a", calls), new RecordingHook("gone", calls))) {
      takenBack.request(accepted("r1", "one/small"));
      dispatched = takenBack.dispatched().getFirst();
    }
    calls.clear();
    try (HomeDriver after =
        driver(new RecordingHook("a", calls), new RecordingHook("added", calls))) {
      after.reply(answered(dispatched, "yes"));
      after.request(accepted("r1", "one/small"));
      assertThat(calls).containsExactly("a>", "added>", "<added", "<a");
      assertThat(after.results()).hasSize(1);
    }
  }

  @Test
  void shouldPutAHooksEventOnTheEventsTopic() {
    Hook emitting =
        new RecordingHook("a", calls) {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            context.emit("seen-something", Map.of("what", "it"));
            return PreHookResult.proceed(request);
          }
        };
    try (HomeDriver home = driver(emitting)) {
      home.request(accepted("r1", "one/small"));
      assertThat(home.events())
          .anySatisfy(
              event -> {
                assertThat(event.getType()).isEqualTo("seen-something");
                assertThat(event.getSource()).isEqualTo("a");
                assertThat(event.getAttributes()).containsEntry("what", "it");
              });
    }
  }

  private HomeDriver driver(Hook... hooks) {
    ActiveHook[] active = new ActiveHook[hooks.length];
    for (int i = 0; i < hooks.length; i++) {
      active[i] = hook(((RecordingHook) hooks[i]).name, hooks[i]);
    }
    return driver(active);
  }

  private HomeDriver driver(ActiveHook... hooks) {
    return new HomeDriver(stateDir.resolve("run-" + System.nanoTime()), hooks);
  }

  private static final class Throwing implements Hook {
    @Override
    public PreHookResult preHook(CompletionRequest request, HookContext context) {
      throw new IllegalStateException("broken on purpose");
    }

    @Override
    public Outcome postHook(Outcome outcome, HookContext context) {
      throw new IllegalStateException("broken on purpose");
    }
  }
}
