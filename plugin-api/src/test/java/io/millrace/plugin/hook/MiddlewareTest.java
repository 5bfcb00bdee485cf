package io.millrace.plugin.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.TestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MiddlewareTest {

  private static final Completion ANSWER = Completion.ofText("id", "m", 0, "text", Usage.of(1, 1));

  private final List<Duration> seen = new ArrayList<>();
  private final TestContext context = new TestContext();
  private final Middleware middleware =
      new Middleware() {
        @Override
        protected Outcome after(Outcome outcome, Duration elapsed, HookContext at) {
          seen.add(elapsed);
          return outcome;
        }
      };

  @Test
  void shouldTellHowLongEverythingInBetweenTook() {
    middleware.preHook(CompletionRequest.of("m", "x"), context);
    context.advance(Duration.ofMillis(250));
    assertThat(middleware.postHook(ANSWER, context)).isEqualTo(ANSWER);
    assertThat(seen).containsExactly(Duration.ofMillis(250));
  }

  @Test
  void shouldCountFromTheFirstCallWhenItIsCalledAgainAfterADeferral() {
    middleware.preHook(CompletionRequest.of("m", "x"), context);
    context.advance(Duration.ofSeconds(1));
    middleware.preHook(CompletionRequest.of("m", "x"), context);
    context.advance(Duration.ofSeconds(1));
    middleware.postHook(ANSWER, context);
    assertThat(seen).containsExactly(Duration.ofSeconds(2));
  }

  @Test
  void shouldSayZeroWhenNothingWasNotedOrTheClockWentBack() {
    middleware.postHook(ANSWER, context);
    middleware.preHook(CompletionRequest.of("m", "x"), context);
    context.withNow(TestContext.START.minusSeconds(5));
    middleware.postHook(ANSWER, context);
    assertThat(seen).containsExactly(Duration.ZERO, Duration.ZERO);
  }
}
