package io.millrace.stages.hooks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsHookTest {

  private final TestEnvironment environment = new TestEnvironment();
  private final Hook hook = new MetricsHookFactory().create(Map.of(), environment.environment());
  private final TestContext context = new TestContext().withTarget("one", "small");

  @Test
  void shouldCountTheAttemptAndItsTokensWhenItSucceeds() {
    hook.preHook(CompletionRequest.of("m", "hello"), context);
    hook.postHook(Completion.ofText("c", "m", 1, "hi", Usage.of(5, 2)), context);

    assertThat(
            environment.count(
                MetricsHook.ATTEMPTS,
                Map.of("provider", "one", "model", "small", "lane", "standard", "outcome", "ok")))
        .isEqualTo(1);
    assertThat(tokens("prompt")).isEqualTo(5);
    assertThat(tokens("completion")).isEqualTo(2);
    assertThat(
            environment.count(
                MetricsHook.ATTEMPT_TIME, Map.of("provider", "one", "model", "small")))
        .isEqualTo(1);
  }

  @Test
  void shouldCountTheErrorsCodeWhenItFails() {
    hook.postHook(ErrorCode.UPSTREAM_TIMEOUT.error("slow"), context);
    assertThat(
            environment.count(
                MetricsHook.ATTEMPTS,
                Map.of(
                    "provider", "one",
                    "model", "small",
                    "lane", "standard",
                    "outcome", "upstream_timeout")))
        .isEqualTo(1);
    assertThat(environment.count(MetricsHook.ATTEMPT_TIME)).as("its PreHook never ran").isZero();
  }

  @Test
  void shouldRefuseAnyConfiguration() {
    assertThatThrownBy(
            () -> new MetricsHookFactory().create(Map.of("x", 1), environment.environment()))
        .hasMessage("metrics takes no configuration, found [x]");
  }

  private long tokens(String kind) {
    return environment.count(
        MetricsHook.TOKENS, Map.of("provider", "one", "model", "small", "kind", kind));
  }
}
