package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.textOf;
import static io.millrace.stages.HomeDriver.hook;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Outcome;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.TrailEntry;
import io.millrace.stages.HookSwitches.Position;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Deferred exchanges (contract cases H28 and H30). */
class ParkingTest extends ParkingFixture {

  @Test
  void shouldCallAgainWhenTheTimeHasCome() {
    try (HomeDriver home = driver(recording("a"), gate(Duration.ofMillis(250)), recording("c"))) {
      home.request(accepted("r1", "one/small"));
      assertThat(home.dispatched()).isEmpty();
      home.advance(Duration.ofMillis(200));
      assertThat(calls).containsExactly("a>", "gate>");
      home.advance(Duration.ofMillis(100));
      assertThat(calls).containsExactly("a>", "gate>", "gate>");
      open = true;
      home.advance(Duration.ofMillis(300));

      Exchange dispatched = home.dispatched().getFirst();
      assertThat(dispatched.getFrames().getFirst().getHooks()).containsExactly("a", "gate", "c");
      assertThat(dispatched.getTrail())
          .extracting(TrailEntry::getDecision)
          .containsExactly("continue", "defer", "continue", "continue");
      home.reply(answered(dispatched, "yes"));
      assertThat(calls).containsExactly("a>", "gate>", "gate>", "gate>", "c>", "<c", "<gate", "<a");
      assertThat(home.results()).hasSize(1);
    }
  }

  @Test
  void shouldGoOnAfterARestartWithEverythingItHad() {
    Hook noting =
        new RecordingHook("a", calls) {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            super.preHook(request, context);
            context.setAttribute("note", "kept");
            return PreHookResult.proceed(request.withMessages(List.of(Message.user("changed"))));
          }

          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            calls.add("<a " + context.attribute("note").orElse("lost"));
            return outcome;
          }
        };
    HomeDriver before = driver(hook("a", noting), gate(Duration.ofSeconds(1)));
    before.request(accepted("r1", "one/small"));
    try (HomeDriver after = before.restart(hook("a", noting), gate(Duration.ofSeconds(1)))) {
      after.request(accepted("r1", "one/small"));
      assertThat(after.eventTypes()).containsExactly("request-duplicate");
      open = true;
      after.advance(Duration.ofMillis(1_100));
      Exchange dispatched = after.dispatched().getFirst();
      assertThat(dispatched.getEffectiveRequest().getMessages().getFirst().getContent())
          .isEqualTo("changed");
      after.reply(answered(dispatched, "yes"));
      assertThat(calls).containsExactly("a>", "gate>", "gate>", "<gate", "<a kept");
    }
  }

  @Test
  void shouldKeepTheDeadlineOfWhatIsParkedAndNotRunThePostHookOfWhoParkedIt() {
    try (HomeDriver home = driver(recording("a"), gate(Duration.ofDays(40_000)))) {
      home.request(accepted("r1", "one/small"));
      home.advance(Exchanges.TIMEOUT.plusMillis(200));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("deadline_exceeded");
      assertThat(calls).startsWith("a>", "gate>").endsWith("<a").doesNotContain("<gate");
      open = true;
      home.advance(Exchanges.TIMEOUT);
      assertThat(home.dispatched()).isEmpty();
      assertThat(home.results()).isEmpty();
    }
  }

  @Test
  void shouldRefuseWithQueueFullWhenTheTenantHasTooMuchParked() {
    try (HomeDriver home = driver(recording("a"), gate(Duration.ofSeconds(1)))) {
      for (int i = 0; i < HomeDriver.MAX_PARKED; i++) {
        home.request(accepted("r" + i, "one/small"));
      }
      home.request(accepted("over", "one/small"));
      CompletionResult refused = home.results().getFirst();
      var error = (io.millrace.schemas.avro.PipelineError) refused.getOutcome();
      assertThat(error.getCode()).isEqualTo("queue_full");
      assertThat(error.getHttpStatus()).isEqualTo(429);
      assertThat(error.getRetryAfterMillis()).isEqualTo(1_000);
      assertThat(error.getMessage()).contains("5 requests of tenant 'acme' wait already");
      assertThat(calls).endsWith("a>", "gate>", "<a");

      Exchange other = accepted("r1", "one/small");
      other.setTenant("other");
      other.setExchangeId("other/r1");
      home.request(other);
      assertThat(home.results()).isEmpty();

      open = true;
      home.advance(Duration.ofSeconds(2));
      assertThat(home.dispatched()).hasSize(HomeDriver.MAX_PARKED + 1);
      open = false;
      home.request(accepted("again", "one/small"));
      assertThat(home.results()).as("there is room again").isEmpty();
    }
  }

  @Test
  void shouldCountWhatIsParkedAlsoAfterARestart() {
    HomeDriver before = driver(gate(Duration.ofSeconds(30)));
    for (int i = 0; i < HomeDriver.MAX_PARKED; i++) {
      before.request(accepted("r" + i, "one/small"));
    }
    try (HomeDriver after = before.restart(gate(Duration.ofSeconds(30)))) {
      after.request(accepted("over", "one/small"));
      assertThat(codeOf(after.results().getFirst().getOutcome())).isEqualTo("queue_full");
    }
  }

  @Test
  void shouldGoOnBehindTheLastHookThatRanWhenTheHookIsGone() {
    HomeDriver before = driver(recording("a"), gate(Duration.ofSeconds(1)), recording("c"));
    before.request(accepted("r1", "one/small"));
    calls.clear();
    try (HomeDriver after = before.restart(recording("new"), recording("a"), recording("c"))) {
      after.advance(Duration.ofSeconds(2));
      assertThat(calls).containsExactly("c>");
      assertThat(after.eventTypes()).containsExactly("hook-skipped");
      after.reply(answered(after.dispatched().getFirst(), "yes"));
      assertThat(calls).containsExactly("c>", "<c", "<a");
    }
  }

  @Test
  void shouldPassByAHookThatWasSwitchedOffMeanwhile() {
    try (HomeDriver home = driver(gate(Duration.ofSeconds(1)))) {
      home.request(accepted("r1", "one/small"));
      home.chain.order("gate", Position.OFF, "eve");
      home.advance(Duration.ofSeconds(2));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(calls).containsExactly("gate>");
      assertThat(home.results()).hasSize(1);
    }
  }

  @Test
  void shouldHoldAReplyOfARunThatWasTakenBackWhileTheExchangeIsParked() {
    Exchange dispatched;
    open = true;
    try (HomeDriver takenBack = driver(gate(Duration.ofSeconds(1)))) {
      takenBack.request(accepted("r1", "one/small"));
      dispatched = takenBack.dispatched().getFirst();
    }
    open = false;
    try (HomeDriver home = driver(gate(Duration.ofSeconds(1)))) {
      home.request(accepted("r1", "one/small"));
      home.reply(answered(dispatched, "early"));
      assertThat(home.results()).isEmpty();
      open = true;
      home.advance(Duration.ofSeconds(2));
      assertThat(home.dispatched()).isEmpty();
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("early");
    }
  }
}
