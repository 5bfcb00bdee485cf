package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Joined exchanges (contract case H29). */
class JoiningTest extends ParkingFixture {

  @Test
  void shouldShareTheLeadersResponseWithAllWhoWait() {
    try (HomeDriver home = driver(recording("a"), joining("j"), recording("c"))) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));
      home.request(accepted("r3", "one/small"));
      Exchange leader = home.dispatched().getFirst();
      assertThat(leader.getRequestId()).isEqualTo("r1");
      assertThat(home.dispatched()).isEmpty();
      calls.clear();
      home.reply(answered(leader, "shared"));

      List<CompletionResult> results = home.results();
      assertThat(results)
          .extracting(CompletionResult::getRequestId)
          .containsExactly("r1", "r2", "r3");
      assertThat(results).extracting(CompletionResult::getCostNanos).containsExactly(7L, 0L, 0L);
      assertThat(results).allSatisfy(r -> assertThat(textOf(r.getOutcome())).isEqualTo("shared"));
      assertThat(calls).containsExactly("<c", "<j", "<a", "<j of r1", "<a", "<j of r1", "<a");
      assertThat(home.events())
          .filteredOn(event -> event.getType().equals("request-coalesced"))
          .hasSize(2)
          .allSatisfy(event -> assertThat(event.getAttributes()).isEqualTo(Map.of("leader", "r1")));
      home.request(accepted("r4", "one/small"));
      assertThat(home.dispatched()).as("the next one leads anew").hasSize(1);
    }
  }

  @Test
  void shouldGiveThoseWhoWaitWhatCameToTheHookAndNotWhatTheLeaderMadeOfIt() {
    ActiveHook personal =
        joining(
            "j",
            (outcome, context) -> {
              Completion completion = (Completion) outcome;
              String text = completion.text() + " for " + context.requestId();
              return Completion.ofText("x", "m", 1, text, completion.usage());
            });
    try (HomeDriver home = driver(personal)) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "text"));
      assertThat(home.results())
          .extracting(result -> textOf(result.getOutcome()))
          .containsExactly("text for r1", "text for r2");
    }
  }

  @Test
  void shouldNotShowAnotherTenantWhoLed() {
    Joins.Lead lead = new Joins.Lead("default/r1", 1, "default", "r1", null);
    Exchange waiter = accepted("r2", "one/small");
    waiter.setTenant("default");
    assertThat(lead.shownTo(waiter)).isEqualTo("r1");
    waiter.setTenant("other");
    assertThat(lead.shownTo(waiter)).isEmpty();
  }

  @Test
  void shouldNotJoinAcrossTenantsOrKeys() {
    try (HomeDriver home = driver(joining("j"))) {
      home.request(accepted("r1", "one/small"));
      Exchange other = accepted("r1", "one/small");
      other.setTenant("other");
      other.setExchangeId("other/r1");
      home.request(other);
      home.request(accepted("r2", "one/another"));
      assertThat(home.dispatched()).hasSize(3);
    }
  }

  @Test
  void shouldLetTheOldestWhoWaitsLeadWhenTheLeaderFails() {
    try (HomeDriver home = driver(joining("j"), recording("c"))) {
      home.request(accepted("r1", "one/small"));
      home.advance(Duration.ofMillis(5));
      home.request(accepted("r2", "one/small"));
      home.advance(Duration.ofMillis(5));
      home.request(accepted("r3", "one/small"));
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_REJECTED));
      assertThat(home.results()).extracting(CompletionResult::getRequestId).containsExactly("r1");
      home.advance(Duration.ofMillis(200));

      Exchange second = home.dispatched().getFirst();
      assertThat(second.getRequestId()).isEqualTo("r2");
      assertThat(second.getFrames().getFirst().getHooks()).containsExactly("j", "c");
      home.request(accepted("r4", "one/small"));
      assertThat(home.dispatched()).as("the fourth waits as well").isEmpty();
      home.reply(answered(second, "second"));
      assertThat(home.results())
          .extracting(CompletionResult::getRequestId)
          .containsExactly("r2", "r3", "r4");
    }
  }

  @Test
  void shouldTakeALeaderThatMissesItsDeadlineForFailed() {
    try (HomeDriver home = driver(joining("j"))) {
      home.request(accepted("r1", "one/small"));
      Exchange patient = accepted("r2", "one/small");
      patient.setDeadlineMillis(patient.getDeadlineMillis() + 60_000);
      home.request(patient);
      home.dispatched();
      home.advance(Exchanges.TIMEOUT.plusMillis(300));
      assertThat(home.results())
          .singleElement()
          .satisfies(result -> assertThat(result.getRequestId()).isEqualTo("r1"));
      home.advance(Duration.ofMillis(300));
      assertThat(home.dispatched().getFirst().getRequestId()).isEqualTo("r2");
    }
  }

  @Test
  void shouldTakeALeaderForFailedWhenItsOwnPostHookRejectsTheResponse() {
    ActiveHook rejecting =
        joining(
            "j",
            (outcome, context) ->
                context.requestId().equals("r1")
                    ? ErrorCode.UPSTREAM_REJECTED.error("not good enough")
                    : outcome);
    try (HomeDriver home = driver(rejecting)) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "bad"));
      home.advance(Duration.ofMillis(200));
      assertThat(home.dispatched().getFirst().getRequestId()).isEqualTo("r2");
    }
  }

  @Test
  void shouldMakeAFormerLeaderWaitWhenItComesBackWithAFallback() {
    try (HomeDriver home = driver(joining("j"))) {
      home.request(accepted("r1", "one/small", "two/big"));
      home.request(accepted("r2", "one/small"));
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_ERROR));
      home.advance(Duration.ofMillis(200));
      List<Exchange> dispatched = home.dispatched();
      assertThat(dispatched).extracting(Exchange::getRequestId).containsExactly("r2");
      home.reply(answered(dispatched.getFirst(), "yes"));
      assertThat(home.results())
          .extracting(CompletionResult::getRequestId)
          .containsExactly("r2", "r1");
    }
  }

  @Test
  void shouldKeepLeaderAndWaitersOverARestart() {
    HomeDriver before = driver(joining("j"));
    before.request(accepted("r1", "one/small"));
    before.request(accepted("r2", "one/small"));
    Exchange leader = before.dispatched().getFirst();
    try (HomeDriver after = before.restart(joining("j"))) {
      after.advance(Duration.ofSeconds(5));
      after.request(accepted("r3", "one/small"));
      assertThat(after.dispatched()).isEmpty();
      after.reply(answered(leader, "shared"));
      assertThat(after.results())
          .extracting(CompletionResult::getRequestId)
          .containsExactly("r1", "r2", "r3");
    }
  }

  @Test
  void shouldLeadByItselfWhenTheLeaderEndedWithoutAWord() {
    HomeDriver before = driver(joining("j"));
    before.request(accepted("r1", "one/small"));
    before.request(accepted("r2", "one/small"));
    before.request(accepted("r3", "one/small"));
    Exchange leader = before.dispatched().getFirst();
    HomeDriver without = before.restart(recording("other"));
    without.reply(answered(leader, "yes"));
    assertThat(without.results()).hasSize(1);
    try (HomeDriver after = without.restart(joining("j"))) {
      after.advance(Duration.ofSeconds(2));
      Exchange second = after.dispatched().getFirst();
      after.reply(answered(second, "second"));
      assertThat(after.results())
          .extracting(CompletionResult::getRequestId)
          .containsExactlyInAnyOrder("r2", "r3");
    }
  }

  @Test
  void shouldEndAWaiterAtItsOwnDeadline() {
    try (HomeDriver home = driver(recording("a"), joining("j"))) {
      Exchange leader = accepted("r1", "one/small");
      leader.setDeadlineMillis(leader.getDeadlineMillis() + 60_000);
      home.request(leader);
      home.request(accepted("r2", "one/small"));
      Exchange dispatched = home.dispatched().getFirst();
      calls.clear();
      home.advance(Exchanges.TIMEOUT.plusMillis(300));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("deadline_exceeded");
      assertThat(calls).containsExactly("<a");
      home.reply(answered(dispatched, "late for one"));
      assertThat(home.results()).extracting(CompletionResult::getRequestId).containsExactly("r1");
    }
  }
}
