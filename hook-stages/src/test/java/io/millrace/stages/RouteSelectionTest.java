package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.plugin.hook.Events.Event;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.PipelineEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the home stage sends requests, and what it says of it. */
class RouteSelectionTest {

  @TempDir Path stateDir;

  private static List<PipelineEvent> routes(HomeDriver home) {
    return home.events().stream().filter(e -> e.getType().equals("route-selected")).toList();
  }

  @Test
  void shouldSayWhyWhereThereWasAChoice() {
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.request(accepted("r1", "auto"));
      assertThat(home.dispatched().getFirst().getTarget().getProvider()).isEqualTo("one");
      PipelineEvent route = routes(home).getFirst();
      assertThat(route.getSource()).isEqualTo("home");
      assertThat(route.getRequestId()).isEqualTo("r1");
      assertThat(route.getAttributes())
          .containsEntry("target", "one/default")
          .containsEntry("fallbacks", "two/big")
          .containsEntry("strategy", "priority")
          .containsEntry("reasons", "priority of 2 candidates; one/default: priority 100");
      home.request(accepted("r2", "two/big"));
      assertThat(routes(home)).as("nothing to choose, nothing to say").isEmpty();
    }
  }

  @Test
  void shouldTellListenersAloneThatAChoiceBegins() {
    List<Event> heard = new CopyOnWriteArrayList<>();
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.pipelineEvents.subscribe(heard::add);
      home.request(accepted("r1", "auto"));
      await().until(() -> heard.stream().anyMatch(e -> e.type().equals("route-selected")));
      assertThat(heard)
          .extracting(Event::type)
          .containsSubsequence("request-accepted", "route-started", "route-selected");
      assertThat(home.events())
          .extracting(PipelineEvent::getType)
          .contains("route-selected")
          .doesNotContain("route-started");
    }
  }

  @Test
  void shouldTryTheNextCandidateWhenTheChosenOneFails() {
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.request(accepted("r1", "auto"));
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_ERROR));
      Exchange second = home.dispatched().getFirst();
      assertThat(second.getTarget().getProvider()).isEqualTo("two");
      home.reply(answered(second, "yes"));
      CompletionResult result = home.results().getFirst();
      assertThat(result.getProvider()).isEqualTo("two");
      assertThat(result.getRequestedModel()).isEqualTo("auto");
    }
  }

  @Test
  void shouldGoToTheFallbackAtOnceWhileTheTargetIsDown() {
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.health.with("one/small", HealthState.DOWN, 0);
      home.request(accepted("r1", "one/small", "two/big"));
      Exchange dispatched = home.dispatched().getFirst();
      assertThat(dispatched.getTarget().getProvider()).isEqualTo("two");
      assertThat(dispatched.getFallbacks())
          .singleElement()
          .satisfies(target -> assertThat(target.getProvider()).isEqualTo("one"));
      assertThat(routes(home).getFirst().getAttributes())
          .containsEntry("reasons", "one/small is down")
          .doesNotContainKey("strategy");
    }
  }

  @Test
  void shouldStillTryWhoIsDownWhereNobodyElseIsNamed() {
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.health.with("one/small", HealthState.DOWN, 0);
      home.request(accepted("r1", "one/small"));
      assertThat(home.dispatched().getFirst().getTarget().getProvider()).isEqualTo("one");
    }
  }

  @Test
  void shouldGoToTheConfiguredFallbackAtOnceWhileTheTargetIsDown() {
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.health.with("one/careful", HealthState.DOWN, 0);
      home.request(accepted("r1", "one/careful"));
      assertThat(home.dispatched().getFirst().getTarget().getProvider()).isEqualTo("two");
      assertThat(routes(home).getFirst().getAttributes())
          .containsEntry("target", "two/big")
          .containsEntry("fallbacks", "one/careful")
          .containsEntry("reasons", "one/careful is down");
      home.health.with("two/big", HealthState.DOWN, 0);
      home.request(accepted("r2", "one/careful"));
      assertThat(home.dispatched().getFirst().getTarget().getProvider())
          .as("where all are down, the order stands")
          .isEqualTo("one");
      assertThat(routes(home)).isEmpty();
    }
  }

  @Test
  void shouldGiveANamedTargetItsShareWhileItRecovers() {
    try (HomeDriver home = new HomeDriver(stateDir)) {
      home.health.with("one/small", HealthState.RECOVERING, 0.25);
      for (int i = 0; i < 400; i++) {
        home.request(accepted("r" + i, "one/small", "two/big"));
      }
      long first =
          home.dispatched().stream()
              .filter(exchange -> exchange.getTarget().getProvider().equals("one"))
              .count();
      assertThat(first).isBetween(60L, 140L);
      assertThat(routes(home)).hasSize((int) (400 - first));
    }
  }
}
