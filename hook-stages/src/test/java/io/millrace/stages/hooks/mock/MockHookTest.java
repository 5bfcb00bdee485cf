package io.millrace.stages.hooks.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MockHookTest {

  private final TestEnvironment environment = new TestEnvironment();
  private final TestContext context = new TestContext().withTarget("openai", "gpt");

  private Hook hook(Map<String, Object> config) {
    return new MockHookFactory().create(config, environment.environment());
  }

  private Hook rules(Object... rules) {
    return hook(Map.of("rules", List.of(rules)));
  }

  private static Map<String, Object> text(String text) {
    return Map.of("text", text);
  }

  private Completion reply(Hook hook, String prompt) {
    PreHookResult result = hook.preHook(CompletionRequest.of("m", prompt), context);
    return ((PreHookResult.Respond) result).response();
  }

  @Test
  void shouldReplyByTheFirstRuleThatFits() {
    Hook hook =
        rules(
            Map.of("match", Map.of("tenant", "other"), "respond", text("no")),
            Map.of("match", Map.of("model", "anthropic/*"), "respond", text("no")),
            Map.of("match", Map.of("contains", "sky", "regex", "blue$"), "respond", text("sky")),
            Map.of("match", Map.of("regex", "^\\d+$"), "respond", text("number")),
            Map.of("respond", text("{prompt} to {model} of {provider} by {tenant} {unknown}")));
    assertThat(reply(hook, "the sky is blue").text()).isEqualTo("sky");
    assertThat(reply(hook, "42").text()).isEqualTo("number");
    assertThat(reply(hook, "{model} $1").text())
        .isEqualTo("{model} $1 to gpt of openai by tenant {unknown}");
    assertThat(environment.count(MockHook.REPLIES, Map.of("rule", "4"))).isEqualTo(1);
  }

  @Test
  void shouldReplyWithEveryFieldThatIsGiven() {
    Completion completion =
        reply(
            rules(
                Map.of(
                    "respond",
                    Map.of(
                        "tool_calls",
                        List.of(Map.of("name", "f", "arguments", "{\"q\":\"{tenant}\"}")),
                        "model",
                        "x",
                        "prompt_tokens",
                        7,
                        "completion_tokens",
                        3))),
            "hi");
    assertThat(completion.model()).isEqualTo("x");
    assertThat(completion.usage().totalTokens()).isEqualTo(10);
    assertThat(completion.choices().getFirst().finishReason()).isEqualTo("tool_calls");
    assertThat(completion.choices().getFirst().message().toolCalls().getFirst().arguments())
        .isEqualTo("{\"q\":\"tenant\"}");
  }

  @Test
  void shouldFailAsTheRuleSays() {
    PipelineError known = error(Map.of("code", "upstream_timeout"));
    assertThat(known.httpStatus()).isEqualTo(504);
    assertThat(known.category()).isEqualTo(ErrorCategory.TIMEOUT);
    PipelineError own =
        error(
            Map.of(
                "code",
                "teapot",
                "status",
                418,
                "message",
                "for {tenant}",
                "retry_after",
                "5s",
                "allow_fallbacks",
                true));
    assertThat(own.message()).isEqualTo("for tenant");
    assertThat(own.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(own.category()).isEqualTo(ErrorCategory.INVALID_REQUEST);
    assertThat(own.mayFallBack()).isTrue();
  }

  private PipelineError error(Map<String, Object> error) {
    PreHookResult result =
        rules(Map.of("error", error)).preHook(CompletionRequest.of("m", "x"), context);
    return ((PreHookResult.Fail) result).error();
  }

  @Test
  void shouldWaitOnceWhenTheRuleHasADelay() {
    Hook hook = rules(Map.of("respond", text("late"), "delay", "250ms"));
    CompletionRequest request = CompletionRequest.of("m", "x");
    assertThat(hook.preHook(request, context))
        .isEqualTo(PreHookResult.defer(Duration.ofMillis(250)));
    assertThat(hook.preHook(request, context)).isInstanceOf(PreHookResult.Respond.class);
  }

  @Test
  void shouldPassOrFailWhenNoRuleFits() {
    CompletionRequest request = CompletionRequest.of("m", "x");
    assertThat(rules().preHook(request, context)).isEqualTo(PreHookResult.proceed(request));
    PreHookResult failed = hook(Map.of("otherwise", "error")).preHook(request, context);
    assertThat(((PreHookResult.Fail) failed).error().code()).isEqualTo(MockHook.UNMATCHED);
  }

  @Test
  void shouldDrawTheSameLotEachTimeAndAboutTheShareItIsTold() {
    int drawn = 0;
    int differing = 0;
    for (int i = 0; i < 10_000; i++) {
      boolean first = rule(1).drawn("t", "r" + i, 1);
      assertThat(rule(1).drawn("t", "r" + i, 1)).isEqualTo(first);
      drawn += first ? 1 : 0;
      differing += rule(2).drawn("t", "r" + i, 1) == first ? 0 : 1;
    }
    assertThat(drawn).isBetween(1_700, 2_300);
    assertThat(differing).isPositive();
  }

  private static Rule rule(long seed) {
    return RuleSettings.rule(
        io.millrace.stages.hooks.settings.Settings.of(
            Map.of("respond", Map.of("text", "x"), "probability", 0.2, "seed", seed),
            RuleSettings.KEYS));
  }

  @Test
  void shouldNameTheKeyWhenARuleIsWrong() {
    assertThatThrownBy(() -> rules(Map.of("match", Map.of())))
        .hasMessage("rules[0].respond or rules[0].error must be there, and not both");
    assertThatThrownBy(() -> rules(Map.of("match", Map.of("regex", "["), "respond", text("x"))))
        .hasMessageStartingWith("rules[0].match.regex must be a regular expression");
    assertThatThrownBy(() -> rules(Map.of("respond", Map.of())))
        .hasMessageStartingWith("rules[0].respond.text is missing");
    assertThatThrownBy(() -> rules(Map.of("respond", text("x"), "delay", "1h")))
        .hasMessageStartingWith("rules[0].delay must be a duration");
  }
}
