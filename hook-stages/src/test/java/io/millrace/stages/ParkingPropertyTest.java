package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.HomeDriver.hook;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.Usage;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever hooks decide, and whenever the stage is restarted: one result for each request, and one
 * PostHook for each PreHook that ran.
 */
class ParkingPropertyTest {

  private static final int STEPS = 250;
  private static final int STEPS_BETWEEN_RESTARTS = 60;

  @TempDir Path stateDir;

  /** PreHooks that have run, and PostHooks by exchange, attempt and hook. */
  private final Set<String> ran = new HashSet<>();

  private final Map<String, Integer> posts = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13})
  void shouldGiveOneResultAndOnePostHookForEachPreHookThatRan(long seed) {
    Random random = new Random(seed);
    ActiveHook[] chain = {
      hook("a", new Moody("a", random)), hook("b", new Moody("b", random)),
    };
    HomeDriver home = new HomeDriver(stateDir.resolve("run"), chain);
    List<String> results = new ArrayList<>();
    List<Exchange> inFlight = new ArrayList<>();
    Set<String> happened = new HashSet<>();
    Set<String> requested = new HashSet<>();
    for (int step = 1; step <= STEPS; step++) {
      if (step % STEPS_BETWEEN_RESTARTS == 0) {
        home = home.restart(chain);
      }
      act(home, random, step, requested, inFlight);
      inFlight.addAll(home.dispatched());
      happened.addAll(home.eventTypes());
      home.results().stream().map(CompletionResult::getRequestId).forEach(results::add);
    }
    for (int i = 0; i < 3; i++) {
      home.advance(Exchanges.TIMEOUT);
    }
    home.results().stream().map(CompletionResult::getRequestId).forEach(results::add);

    assertThat(happened).contains("request-coalesced", "fallback-started", "hook-error");
    assertThat(results).as("seed %s", seed).doesNotHaveDuplicates();
    assertThat(new HashSet<>(results)).as("seed %s", seed).isEqualTo(requested);
    assertThat(posts.values()).as("seed %s", seed).containsOnly(1);
    assertThat(posts.keySet()).as("seed %s", seed).containsAll(ran);
    assertThat(home.deadLetters()).isEmpty();
    home.close();
  }

  private static void act(
      HomeDriver home, Random random, int step, Set<String> requested, List<Exchange> inFlight) {
    switch (random.nextInt(6)) {
      case 0, 1, 2 -> {
        String id = "r" + step;
        requested.add(id);
        Exchange request = accepted(id, "one/m" + random.nextInt(2), "two/big");
        request.setDeadlineMillis(
            home.now().plusMillis(500 + random.nextInt(20_000)).toEpochMilli());
        home.request(request);
      }
      case 3, 4 -> {
        if (!inFlight.isEmpty()) {
          Exchange dispatched = inFlight.remove(random.nextInt(inFlight.size()));
          home.reply(
              random.nextInt(3) == 0
                  ? failed(dispatched, ErrorCode.UPSTREAM_ERROR)
                  : answered(dispatched, "yes"));
        }
      }
      default -> home.advance(Duration.ofMillis(random.nextInt(1_500)));
    }
  }

  /** Decides anything at all. */
  private final class Moody implements Hook {

    private final String name;
    private final Random random;

    Moody(String name, Random random) {
      this.name = name;
      this.random = random;
    }

    @Override
    public PreHookResult preHook(CompletionRequest request, HookContext context) {
      return switch (random.nextInt(10)) {
        case 0, 1 -> PreHookResult.defer(Duration.ofMillis(1 + random.nextInt(2_000)));
        case 2, 3, 4 -> PreHookResult.join(request, request.model());
        case 5 -> {
          ran.add(key(context));
          yield PreHookResult.respond(Completion.ofText("x", "m", 1, "own", Usage.NONE));
        }
        case 6 -> {
          ran.add(key(context));
          yield PreHookResult.fail(ErrorCode.RATE_LIMITED.error("moody"));
        }
        case 7 -> {
          ran.add(key(context));
          throw new IllegalStateException("moody");
        }
        default -> {
          ran.add(key(context));
          yield PreHookResult.proceed(request);
        }
      };
    }

    @Override
    public Outcome postHook(Outcome outcome, HookContext context) {
      posts.merge(key(context), 1, Integer::sum);
      return random.nextInt(8) == 0 ? ErrorCode.UPSTREAM_REJECTED.error("moody") : outcome;
    }

    private String key(HookContext context) {
      return context.requestId() + " " + context.attempt() + " " + name;
    }
  }
}
