package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.HomeDriver.hook;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Caller;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hook's context offers beyond the request itself. */
class HookServicesTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path stateDir;
  private final List<String> noted = new ArrayList<>();

  @Test
  void shouldRunAHooksOwnRequestWithoutAResultForAnybody() {
    try (HomeDriver home = new HomeDriver(stateDir, hook("ahead", before(this::sendAhead)))) {
      home.request(accepted("r1", "one/small"));

      List<Exchange> dispatched = home.dispatched();
      assertThat(dispatched)
          .extracting(Exchange::getRequestId)
          .containsExactlyInAnyOrder("r1", "~ahead~next-1");
      Exchange own = byId(dispatched, "~ahead~next-1");
      assertThat(own.getBackground()).isTrue();
      assertThat(own.getLane()).isEqualTo(Lane.BATCH);
      assertThat(own.getTenant()).isEqualTo("acme");
      assertThat(own.getDeadlineMillis()).isEqualTo(HomeDriver.START.plus(MINUTE).toEpochMilli());
      home.reply(answered(own, "ahead of time"));
      assertThat(home.results()).isEmpty();
      home.reply(answered(byId(dispatched, "r1"), "in time"));
      assertThat(home.results()).hasSize(1);
    }
  }

  @Test
  void shouldRunAHooksOwnRequestOnceWhenItIsSentAgain() {
    try (HomeDriver home = new HomeDriver(stateDir, hook("ahead", before(this::sendAhead)))) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));

      assertThat(home.dispatched())
          .extracting(Exchange::getRequestId)
          .containsExactlyInAnyOrder("r1", "r2", "~ahead~next-1");
      assertThat(home.eventTypes()).contains("request-duplicate");
    }
  }

  @Test
  void shouldRefuseARequestOfARequestThatAHookSent() {
    Hook endless =
        before(
            context -> {
              try {
                context.submit("again", CompletionRequest.of("one/small", "?"), MINUTE);
              } catch (IllegalStateException e) {
                noted.add(String.valueOf(e.getMessage()));
              }
            });
    try (HomeDriver home = new HomeDriver(stateDir, hook("endless", endless))) {
      home.request(accepted("r1", "one/small"));

      assertThat(home.dispatched()).hasSize(2);
      assertThat(noted).containsExactly("a request that a hook sent brings forth no others");
    }
  }

  @Test
  void shouldRefuseRequestsOfAHookWhenABoundIsExceeded() {
    CompletionRequest request = CompletionRequest.of("one/small", "?");
    Hook greedy =
        before(
            context -> {
              for (int i = 0; i < RequestContext.MAX_SUBMITTED; i++) {
                context.submit("n" + i, request, MINUTE);
              }
              note(() -> context.submit("one-more", request, MINUTE));
              note(() -> context.submit("not an id", request, MINUTE));
              note(() -> context.submit("never", request, Duration.ZERO));
            });
    try (HomeDriver home =
        new HomeDriver(
            stateDir, hook("greedy", onlyFor(greedy, context -> !context.background())))) {
      home.request(accepted("r1", "one/small"));

      assertThat(home.dispatched()).hasSize(1 + RequestContext.MAX_SUBMITTED);
      assertThat(noted)
          .containsExactly(
              "a call sends at most 8 requests",
              "a call sends at most 8 requests",
              "a call sends at most 8 requests");
    }
  }

  @Test
  void shouldTellTheCallerWhatHooksSaidLastOverAllAttempts() {
    Hook telling =
        before(
            context -> {
              context.setResponseHeader("x-attempt", Integer.toString(context.attempt()));
              if (context.attempt() == 1) {
                context.setResponseHeader("x-first", "yes");
              }
            });
    try (HomeDriver home = new HomeDriver(stateDir, hook("telling", telling))) {
      Exchange request = accepted("r1", "one/small");
      request.getRequest().setFallbacks(List.of("two/big"));
      home.request(request);
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_ERROR));
      home.reply(answered(home.dispatched().getFirst(), "yes"));

      assertThat(home.results().getFirst().getResponseHeaders())
          .isEqualTo(Map.of("x-attempt", "2", "x-first", "yes"));
    }
  }

  @Test
  void shouldRefuseResponseHeadersThatWouldBreakTheAnswer() {
    Hook telling =
        before(
            context -> {
              note(() -> context.setResponseHeader("content-length", "7"));
              note(() -> context.setResponseHeader("X-Upper", "7"));
              note(() -> context.setResponseHeader("x-split", "a\r\nset-cookie: b"));
              for (int i = 0; i <= ResponseHeaders.MAX_NAMES; i++) {
                int number = i;
                note(() -> context.setResponseHeader("x-" + number, "v"));
              }
            });
    try (HomeDriver home = new HomeDriver(stateDir, hook("telling", telling))) {
      home.request(accepted("r1", "one/small"));

      assertThat(noted).hasSize(4);
      assertThat(noted.get(0)).contains("content-length");
      assertThat(noted.get(1)).contains("X-Upper");
      assertThat(noted.get(2)).contains("x-split", "printable");
      assertThat(noted.get(3)).contains("at most 32 response headers", "x-32");
    }
  }

  @Test
  void shouldShowCallerAndHintsWhereTheyCameWithTheRequest() {
    Hook curious =
        before(
            context -> {
              noted.add(
                  context
                      .caller()
                      .map(caller -> caller.kind() + " " + caller.id())
                      .orElse("nobody"));
              noted.add(context.hint("cache").orElse("no hint"));
            });
    try (HomeDriver home = new HomeDriver(stateDir, hook("curious", curious))) {
      home.request(accepted("r1", "one/small"));
      Exchange known = accepted("r2", "one/small");
      known.setCaller(new Caller("key", "k1", null, null, List.of(), List.of()));
      known.getRequest().setHints(Map.of("cache", "bypass"));
      home.request(known);

      assertThat(noted).containsExactly("nobody", "no hint", "KEY k1", "bypass");
    }
  }

  @Test
  void shouldHashContentByTheModelThatIsAskedNotByItsName() {
    Hook hashing =
        before(
            context ->
                noted.add(context.contentHash(CompletionRequest.of("whatever", "the same"))));
    try (HomeDriver home = new HomeDriver(stateDir, hook("hashing", hashing))) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "fast"));
      home.request(accepted("r3", "two/big"));

      assertThat(noted.get(0)).hasSize(64).isEqualTo(noted.get(1)).isNotEqualTo(noted.get(2));
    }
  }

  private void sendAhead(HookContext context) {
    if (!context.background()) {
      context.submit("next-1", CompletionRequest.of("one/small", "And then?"), MINUTE);
    }
  }

  private void note(Runnable step) {
    try {
      step.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      noted.add(String.valueOf(e.getMessage()));
    }
  }

  private static Exchange byId(List<Exchange> exchanges, String requestId) {
    return exchanges.stream()
        .filter(exchange -> exchange.getRequestId().equals(requestId))
        .findFirst()
        .orElseThrow();
  }

  private static Hook onlyFor(Hook hook, Predicate<HookContext> condition) {
    return new Hook() {
      @Override
      public PreHookResult preHook(CompletionRequest request, HookContext context) {
        return condition.test(context)
            ? hook.preHook(request, context)
            : PreHookResult.proceed(request);
      }
    };
  }

  private static Hook before(Consumer<HookContext> step) {
    return new Hook() {
      @Override
      public PreHookResult preHook(CompletionRequest request, HookContext context) {
        step.accept(context);
        return PreHookResult.proceed(request);
      }
    };
  }
}
