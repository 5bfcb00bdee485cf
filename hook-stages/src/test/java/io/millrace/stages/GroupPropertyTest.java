package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.stages.CountingHook.Call;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any chain of scopes, with short-circuits, fallbacks, and replies in any order, some of them
 * twice: every hook sees every attempt at most once each way, in order, and its state counts it.
 */
class GroupPropertyTest {

  private static final int REQUESTS = 40;
  private static final String FALLBACK = "one/b";

  @TempDir private Path stateDir;

  private final Queue<Call> calls = CountingHook.noCalls();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Scope> scopes = new HashMap<>();
  private final Map<String, String> contents = new HashMap<>();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
  void shouldShowEveryHookEveryAttemptOnceEachWay(long seed) {
    Random random = new Random(seed);
    try (HomeDriver home = new HomeDriver(stateDir, chain(random))) {
      for (int i = 0; i < REQUESTS; i++) {
        Exchange request = accepted("r" + i, random.nextBoolean() ? "one/a" : "two/big", FALLBACK);
        request.setTenant("t" + random.nextInt(3));
        request.setExchangeId(request.getTenant() + "/r" + i);
        request.getRequest().setTemperature(random.nextInt(3) / 2.0);
        contents.put(
            request.getExchangeId(),
            request.getRequest().getModel() + " " + request.getRequest().getTemperature());
        home.request(request);
      }
      List<Exchange> open = home.dispatched();
      while (!open.isEmpty()) {
        Collections.shuffle(open, random);
        for (Exchange exchange : open) {
          Exchange reply =
              random.nextInt(3) == 0
                  ? failed(exchange, ErrorCode.UPSTREAM_ERROR)
                  : answered(exchange, "yes");
          home.reply(reply);
          if (random.nextInt(4) == 0) {
            home.reply(reply);
          }
        }
        open = home.dispatched();
      }
      assertThat(home.results())
          .hasSize(REQUESTS)
          .extracting(CompletionResult::getRequestId)
          .doesNotHaveDuplicates();
    }
    assertSymmetry();
    assertCounts();
  }

  private ActiveHook[] chain(Random random) {
    ActiveHook[] chain = new ActiveHook[1 + random.nextInt(6)];
    for (int i = 0; i < chain.length; i++) {
      Scope scope = Scope.values()[random.nextInt(Scope.values().length)];
      int salt = random.nextInt(100);
      names.add("h" + i);
      scopes.put("h" + i, scope);
      chain[i] =
          new CountingHook(
                  "h" + i,
                  scope,
                  calls,
                  (request, context) ->
                      Math.floorMod(context.requestId().hashCode() * 31 + salt, 10) == 0
                          ? PreHookResult.fail(ErrorCode.RATE_LIMITED.error("by the test"))
                          : PreHookResult.proceed(request))
              .active();
    }
    return chain;
  }

  /** PreHooks run from the front without a gap; PostHooks are their reverse. */
  private void assertSymmetry() {
    Map<String, List<Call>> byAttempt = new HashMap<>();
    calls.forEach(
        call ->
            byAttempt
                .computeIfAbsent(call.exchange() + "#" + call.attempt(), key -> new ArrayList<>())
                .add(call));
    byAttempt.forEach(
        (attempt, seen) -> {
          List<String> expected = new ArrayList<>();
          List<String> down = names.subList(0, seen.size() / 2);
          down.forEach(name -> expected.add(name + ".pre"));
          down.reversed().forEach(name -> expected.add(name + ".post"));
          assertThat(seen)
              .as(attempt)
              .extracting(call -> call.hook() + "." + call.direction())
              .isEqualTo(expected);
        });
  }

  /** Each state has counted its own calls, one by one, and no other's. */
  private void assertCounts() {
    Map<String, Integer> counts = new HashMap<>();
    for (Call call : calls) {
      String key = call.hook() + "." + call.direction() + " " + keyOf(call);
      assertThat(call.count()).as(key).isEqualTo(counts.merge(key, 1, Integer::sum));
    }
  }

  private String keyOf(Call call) {
    return switch (Objects.requireNonNull(scopes.get(call.hook()))) {
      case NONE, TENANT, OWN -> call.exchange().substring(0, call.exchange().indexOf('/'));
      // What is asked of another target is another content.
      case CONTENT -> {
        String[] content = Objects.requireNonNull(contents.get(call.exchange())).split(" ", -1);
        yield (call.attempt() == 1 ? content[0] : FALLBACK) + " " + content[1];
      }
      case PROVIDER -> call.provider();
    };
  }
}
