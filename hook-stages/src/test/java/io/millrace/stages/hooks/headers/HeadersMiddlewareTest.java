package io.millrace.stages.hooks.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersMiddlewareTest {

  private final TestContext context =
      new TestContext().withTarget("openai", "größe").withAttempt(2);

  private static Hook hook(Map<String, Object> config) {
    return new HeadersHookFactory().create(config, new TestEnvironment().environment());
  }

  private Map<String, String> pass(Hook hook) {
    context.advance(Duration.ofMillis(100));
    hook.preHook(CompletionRequest.of("m", "x"), context);
    context.advance(Duration.ofMillis(312));
    hook.postHook(ErrorCode.UPSTREAM_ERROR.error("x"), context);
    return context.responseHeaders();
  }

  @Test
  void shouldTellTimeAttemptsAndTarget() {
    assertThat(pass(hook(Map.of())))
        .containsOnly(
            Map.entry("x-millrace-processing-ms", "412"),
            Map.entry("x-millrace-attempts", "2"),
            Map.entry("x-millrace-provider", "openai"),
            Map.entry("x-millrace-model", "gr??e"));
  }

  @Test
  void shouldTellWhatItIsToldTo() {
    Hook hook =
        hook(
            Map.of(
                "include", List.of("attempt-ms", "lane"),
                "headers", Map.of("x-environment", "staging")));
    assertThat(pass(hook))
        .containsOnly(
            Map.entry("x-millrace-attempt-ms", "312"),
            Map.entry("x-millrace-lane", "standard"),
            Map.entry("x-environment", "staging"));
  }

  @Test
  void shouldTellNoNegativeTimeWhenClocksDiffer() {
    Hook hook = hook(Map.of("include", List.of("processing-ms")));
    context.advance(Duration.ofMinutes(-5));
    hook.postHook(ErrorCode.UPSTREAM_ERROR.error("x"), context);
    assertThat(context.responseHeaders()).containsEntry("x-millrace-processing-ms", "0");
  }

  @Test
  void shouldRefuseNamesThatAreNotItsOwn() {
    assertThatThrownBy(() -> hook(Map.of("headers", Map.of("x-request-id", "1"))))
        .hasMessageStartingWith("headers.x-request-id is no name for a header");
    assertThatThrownBy(() -> hook(Map.of("headers", Map.of("set-cookie", "1"))))
        .hasMessageStartingWith("headers.set-cookie is no name for a header");
    assertThatThrownBy(() -> hook(Map.of("headers", Map.of("x-a", "ä"))))
        .hasMessage("headers.x-a must be printable ASCII, is 'ä'");
    assertThatThrownBy(() -> hook(Map.of("include", List.of("mood"))))
        .hasMessageStartingWith("include must be a list of some of [processing-ms");
  }
}
