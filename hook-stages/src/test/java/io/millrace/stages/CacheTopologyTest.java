package io.millrace.stages;

import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import io.millrace.stages.hooks.cache.CacheHookFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache in the home topology. */
class CacheTopologyTest {

  @TempDir Path stateDir;

  @Test
  void shouldMakeOneCallForEqualRequestsInFlightAndAnswerLaterOnesItself() {
    try (HomeDriver home = driver(Map.of())) {
      for (int i = 0; i < 4; i++) {
        home.request(request(home, "r" + i, "Hello", i % 2 == 0 ? Lane.BATCH : Lane.INTERACTIVE));
      }
      List<Exchange> dispatched = home.dispatched();
      assertThat(dispatched).hasSize(1);
      home.reply(answered(dispatched.getFirst(), "yes"));
      List<CompletionResult> results = home.results();
      assertThat(results).hasSize(4);
      assertThat(results)
          .allSatisfy(result -> assertThat(textOf(result.getOutcome())).isEqualTo("yes"));
      assertThat(results)
          .extracting(CacheTopologyTest::cacheHeader)
          .containsExactlyInAnyOrder("miss", "coalesced", "coalesced", "coalesced");

      home.request(request(home, "later", "Hello", Lane.STANDARD));
      CompletionResult hit = home.results().getFirst();
      assertThat(cacheHeader(hit)).isEqualTo("hit");
      assertThat(textOf(hit.getOutcome())).isEqualTo("yes");
      assertThat(hit.getCostNanos()).as("no call, no cost").isZero();
      home.request(request(home, "near", "Hello ", Lane.STANDARD));
      assertThat(home.dispatched()).as("not quite the same").hasSize(1);
    }
  }

  @Test
  void shouldMakeCallsOfTheirOwnWhenTooManyWait() {
    try (HomeDriver home = driver(Map.of())) {
      for (int i = 0; i < HomeDriver.MAX_PARKED + 3; i++) {
        home.request(request(home, "r" + i, "Hello", Lane.STANDARD));
      }
      List<Exchange> dispatched = home.dispatched();
      assertThat(home.results()).as("nobody is refused").isEmpty();
      assertThat(dispatched).hasSize(3);
      dispatched.forEach(exchange -> home.reply(answered(exchange, "yes")));
      assertThat(home.results()).hasSize(HomeDriver.MAX_PARKED + 3);
      assertThat(home.dispatched()).isEmpty();
    }
  }

  @Test
  void shouldLetOneWhoWaitedCallWhenTheCallFailed() {
    try (HomeDriver home = driver(Map.of())) {
      home.request(request(home, "r1", "Hello", Lane.STANDARD));
      home.request(request(home, "r2", "Hello", Lane.STANDARD));
      home.request(request(home, "r3", "Hello", Lane.STANDARD));
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_REJECTED));
      home.advance(Duration.ofSeconds(1));
      List<Exchange> second = home.dispatched();
      assertThat(second).hasSize(1);
      home.reply(answered(second.getFirst(), "yes"));
      assertThat(home.results()).hasSize(3);
      home.request(request(home, "r4", "Hello", Lane.STANDARD));
      assertThat(cacheHeader(home.results().getFirst())).isEqualTo("hit");
    }
  }

  @Test
  void shouldAnswerAfterARestartAndOnlyItsOwnTenant() {
    HomeDriver before = driver(Map.of());
    before.request(request(before, "r1", "Hello", Lane.STANDARD));
    before.reply(answered(before.dispatched().getFirst(), "yes"));
    try (HomeDriver home = before.restart(cache(Map.of()))) {
      home.request(request(home, "r2", "Hello", Lane.STANDARD));
      assertThat(cacheHeader(home.results().getFirst())).isEqualTo("hit");
      Exchange other = request(home, "r3", "Hello", Lane.STANDARD);
      other.setTenant("other");
      other.setExchangeId("other/r3");
      home.request(other);
      assertThat(home.dispatched()).hasSize(1);
    }
  }

  @Test
  void shouldFetchAheadInTheBatchLane() {
    Map<String, Object> config =
        Map.of(
            "strategy",
            "predictive",
            "ttl",
            Map.of("cold", "5s"),
            "prediction",
            Map.of("min_observations", 2));
    try (HomeDriver home = driver(config)) {
      for (int i = 0; i < 2; i++) {
        ask(home, "a" + i, "first question");
        ask(home, "b" + i, "second question");
        home.advance(Duration.ofSeconds(10));
      }
      home.request(request(home, "again", "first question", Lane.INTERACTIVE));
      List<Exchange> dispatched = home.dispatched();
      assertThat(dispatched).hasSize(2);
      Exchange ahead = dispatched.stream().filter(Exchange::getBackground).findAny().orElseThrow();
      assertThat(ahead.getLane()).isEqualTo(Lane.BATCH);
      dispatched.forEach(exchange -> home.reply(answered(exchange, "yes")));
      home.request(request(home, "next", "second question", Lane.INTERACTIVE));
      assertThat(home.results())
          .as("the background result goes to nobody")
          .extracting(CompletionResult::getRequestId, CacheTopologyTest::cacheHeader)
          .containsExactly(tuple("again", "miss"), tuple("next", "hit"));
    }
  }

  private static void ask(HomeDriver home, String id, String prompt) {
    home.request(request(home, id, prompt, Lane.STANDARD));
    home.dispatched().forEach(exchange -> home.reply(answered(exchange, "yes")));
    home.results();
  }

  private HomeDriver driver(Map<String, Object> config) {
    return new HomeDriver(stateDir.resolve("run"), cache(config));
  }

  private static ActiveHook cache(Map<String, Object> config) {
    CacheHookFactory factory = new CacheHookFactory();
    return HomeDriver.hook(
        factory.descriptor(config), factory.create(config, new TestEnvironment().environment()));
  }

  private static Exchange request(HomeDriver home, String id, String prompt, Lane lane) {
    Exchange exchange = Exchanges.accepted(id, "one/small");
    exchange
        .getRequest()
        .setMessages(List.of(new Message("user", prompt, null, List.of(), null, Map.of())));
    exchange.setLane(lane);
    exchange.setAcceptedAtMillis(home.now().toEpochMilli());
    exchange.setDeadlineMillis(home.now().plus(Exchanges.TIMEOUT).toEpochMilli());
    return exchange;
  }

  private static String cacheHeader(CompletionResult result) {
    return String.valueOf(result.getResponseHeaders().get("x-millrace-cache"));
  }
}
