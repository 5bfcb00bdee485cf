package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.stages.CountingHook.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hooks that must wait run off the stream thread under the same contract. */
@Timeout(60)
class RemoteHookTest {

  @TempDir private Path stateDir;

  private final Queue<Call> calls = CountingHook.noCalls();
  private final Queue<String> remote = new ConcurrentLinkedQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @Test
  void shouldWaitForItInBothDirectionsWithoutHoldingUpOthers() {
    Hook moderation =
        new Hook() {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            remote.add("pre");
            pass(gate);
            context.setAttribute("verdict", "harmless");
            context.emit("moderation-passed", Map.of("by", "the test"));
            return PreHookResult.proceed(request.withModel("moderated"));
          }

          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            remote.add("post after " + context.attribute("verdict").orElse("nothing"));
            return outcome;
          }
        };
    try (HomeDriver home = driver(moderation, OnError.FAIL)) {
      home.request(accepted("r1", "one/small"));
      assertThat(home.dispatched()).isEmpty();
      gate.countDown();
      Exchange dispatched = next(home);
      assertThat(dispatched.getEffectiveRequest().getModel()).isEqualTo("moderated");
      home.reply(answered(dispatched, "yes"));
      assertThat(textOf(result(home).getOutcome())).isEqualTo("yes");
      assertThat(remote).containsExactly("pre", "post after harmless");
      assertThat(CountingHook.names(calls))
          .containsExactly("first.pre", "last.pre", "last.post", "first.post");
      assertThat(home.eventTypes()).containsOnlyOnce("moderation-passed");
    }
  }

  @Test
  void shouldShortCircuitWhenItFails() {
    Hook moderation =
        preHook(request -> PreHookResult.fail(ErrorCode.RATE_LIMITED.error("not this")));
    try (HomeDriver home = driver(moderation, OnError.CONTINUE)) {
      home.request(accepted("r1", "one/small"));
      assertThat(codeOf(result(home).getOutcome())).isEqualTo("rate_limited");
      assertThat(CountingHook.names(calls)).containsExactly("first.pre", "first.post");
    }
  }

  @Test
  void shouldEndTheAttemptWhenItTakesTooLongAndItsSettingIsFail() {
    Hook never =
        preHook(
            request -> {
              pass(gate);
              return PreHookResult.proceed(request);
            });
    try (HomeDriver home = driver(never, Duration.ofMillis(500), OnError.FAIL)) {
      home.request(accepted("r1", "one/small"));
      assertThat(codeOf(result(home).getOutcome())).isEqualTo("hook_failed");
      assertThat(home.events())
          .filteredOn(event -> event.getType().equals("hook-error"))
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getAttributes().get("error"))
                      .endsWith("RemoteTimeoutException"));
    } finally {
      gate.countDown();
    }
  }

  @Test
  void shouldTryAgainWhenItThrowsAndGoOnWhenItAlwaysDoes() {
    AtomicInteger tries = new AtomicInteger();
    Hook flaky =
        preHook(
            request -> {
              if (tries.incrementAndGet() % RemoteCalls.MAX_TRIES != 0 || tries.get() > 3) {
                throw new IllegalStateException("try " + tries);
              }
              return PreHookResult.proceed(request);
            });
    try (HomeDriver home = driver(flaky, OnError.CONTINUE)) {
      home.request(accepted("r1", "one/small"));
      assertThat(next(home).getRequestId()).isEqualTo("r1");
      assertThat(home.eventTypes()).doesNotContain("hook-error");
      home.request(accepted("r2", "one/small"));
      assertThat(next(home).getRequestId()).isEqualTo("r2");
      assertThat(tries).hasValue(6);
      assertThat(home.eventTypes()).contains("hook-error");
    }
  }

  @Test
  void shouldKeepTheDeadlineAndRunEachPostHookOnceWhenItWaitsOnTheWayBack() {
    Hook slow =
        new Hook() {
          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            remote.add("post");
            pass(gate);
            return outcome;
          }
        };
    try (HomeDriver home = driver(slow, Duration.ofMinutes(5), OnError.CONTINUE)) {
      home.request(accepted("r1", "one/small"));
      Exchange dispatched = next(home);
      home.reply(answered(dispatched, "yes"));
      home.reply(answered(dispatched, "again"));
      assertThat(home.results()).isEmpty();
      home.advance(Exchanges.TIMEOUT.plusSeconds(1));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("deadline_exceeded");
      gate.countDown();
      home.advance(Duration.ofSeconds(1));
      assertThat(home.results()).isEmpty();
      assertThat(CountingHook.names(calls))
          .containsExactly("first.pre", "last.pre", "last.post", "first.post");
    } finally {
      gate.countDown();
    }
  }

  private static Hook preHook(Function<CompletionRequest, PreHookResult> body) {
    return new Hook() {
      @Override
      public PreHookResult preHook(CompletionRequest request, HookContext context) {
        return body.apply(request);
      }
    };
  }

  private HomeDriver driver(Hook hook, OnError onError) {
    return driver(hook, Duration.ofMinutes(1), onError);
  }

  private HomeDriver driver(Hook hook, Duration budget, OnError onError) {
    HookDescriptor descriptor =
        HookDescriptor.of("moderation", "Waits.").remote(budget).onError(onError).build();
    return new HomeDriver(
        stateDir,
        new CountingHook("first", Scope.TENANT, calls).active(),
        HomeDriver.hook(descriptor, hook),
        new CountingHook("last", Scope.TENANT, calls).active());
  }

  private static Exchange next(HomeDriver home) {
    List<Exchange> dispatched = new ArrayList<>();
    await()
        .until(
            () -> {
              home.advance(ParkingProcessor.TICK);
              dispatched.addAll(home.dispatched());
              return !dispatched.isEmpty();
            });
    return dispatched.getFirst();
  }

  private static CompletionResult result(HomeDriver home) {
    List<CompletionResult> results = new ArrayList<>();
    await()
        .until(
            () -> {
              home.advance(ParkingProcessor.TICK);
              results.addAll(home.results());
              return !results.isEmpty();
            });
    return results.getFirst();
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
