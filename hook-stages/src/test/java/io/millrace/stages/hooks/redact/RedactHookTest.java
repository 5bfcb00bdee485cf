package io.millrace.stages.hooks.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RedactHookTest {

  private final TestEnvironment environment = new TestEnvironment();
  private final TestContext context = new TestContext();

  private Hook hook(Map<String, Object> config) {
    return new RedactHookFactory().create(config, environment.environment());
  }

  private static CompletionRequest sent(PreHookResult result) {
    return ((PreHookResult.Continue) result).request();
  }

  private static Completion reply(String text, ToolCall... calls) {
    Message message =
        new Message("assistant", new Content.Text(text), null, List.of(calls), null, Map.of());
    return new Completion(
        "c",
        "m",
        1,
        List.of(new Completion.Choice(0, message, "stop", Map.of())),
        Usage.NONE,
        Map.of());
  }

  @Test
  void shouldPutBackIntoTheReplyWhatItTookOut() {
    Hook hook = hook(Map.of());
    CompletionRequest sent =
        sent(
            hook.preHook(
                CompletionRequest.of("m", "jo@x.example, al@x.example and jo@x.example, 10.0.0.1"),
                context));
    assertThat(sent.messages().getFirst().text())
        .isEqualTo("[EMAIL_1], [EMAIL_2] and [EMAIL_1], [IP_1]");

    Completion back =
        (Completion)
            hook.postHook(
                reply(
                    "Wrote to [EMAIL_2] from [IP_1], not [EMAIL_3] or [Email_1].",
                    new ToolCall("1", "send", "{\"to\":\"[EMAIL_1]\"}")),
                context);
    assertThat(back.text())
        .isEqualTo("Wrote to al@x.example from 10.0.0.1, not [EMAIL_3] or [Email_1].");
    assertThat(back.choices().getFirst().message().toolCalls().getFirst().arguments())
        .isEqualTo("{\"to\":\"jo@x.example\"}");
    assertThat(context.events().getFirst().attributes())
        .containsEntry("kinds", "email=3,ip=1")
        .containsEntry("how", "restore");
    assertThat(environment.count(RedactHook.FINDINGS, Map.of("kind", "email"))).isEqualTo(3);
  }

  @Test
  void shouldNotGiveOutAPlaceholderThatThePromptHasItself() {
    String text = "say [EMAIL_1] to jo@x.example";
    CompletionRequest sent = sent(hook(Map.of()).preHook(CompletionRequest.of("m", text), context));
    assertThat(sent.messages().getFirst().text()).isEqualTo("say [EMAIL_1] to [EMAIL_2]");
  }

  @Test
  void shouldAskForTheWholeAnswerWhenItHasToPutSomethingBack() {
    CompletionRequest plain = CompletionRequest.of("m", "nobody").withStream(true);
    CompletionRequest personal = CompletionRequest.of("m", "jo@x.example").withStream(true);
    assertThat(sent(hook(Map.of()).preHook(plain, context)).stream()).isTrue();
    assertThat(sent(hook(Map.of()).preHook(personal, context)).stream()).isFalse();
    Hook masking = hook(Map.of("prompts", "mask"));
    assertThat(sent(masking.preHook(personal, context)).stream()).isTrue();
  }

  @Test
  void shouldMaskForGoodWhenToldTo() {
    Hook hook = hook(Map.of("prompts", "mask"));
    CompletionRequest sent =
        sent(hook.preHook(CompletionRequest.of("m", "jo@x.example at 10.0.0.1"), context));
    assertThat(sent.messages().getFirst().text()).isEqualTo("[email] at 10.0.0.0");
    Completion reply = reply("[email]");
    assertThat(hook.postHook(reply, context)).isSameAs(reply);
  }

  @Test
  void shouldLeaveRequestsAloneWhenOffOrNothingIsFound() {
    CompletionRequest request = CompletionRequest.of("m", "jo@x.example");
    assertThat(sent(hook(Map.of("prompts", "off")).preHook(request, context))).isSameAs(request);
    CompletionRequest harmless = CompletionRequest.of("m", "hello");
    assertThat(sent(hook(Map.of()).preHook(harmless, context))).isSameAs(harmless);
    assertThat(context.events()).isEmpty();
  }

  @Test
  void shouldKeepJsonWhole() {
    ToolCall call =
        new ToolCall(
            "1", "send", "{\"body\":\"Hi,\\njo@x.example \\\"q\\\"\",\"card\":4111111111111111}");
    Message message = new Message("assistant", null, null, List.of(call), null, Map.of());
    CompletionRequest request =
        CompletionRequest.of("m", "x").withMessages(List.of(message, Message.user("go on")));
    CompletionRequest sent = sent(hook(Map.of()).preHook(request, context));
    assertThat(sent.messages().getFirst().toolCalls().getFirst().arguments())
        .isEqualTo("{\"body\":\"Hi,\\n[EMAIL_1] \\\"q\\\"\",\"card\":\"[CARD_1]\"}");
  }

  @Test
  void shouldEscapeWhatGoesBackIntoToolArguments() {
    Hook hook =
        hook(Map.of("patterns", List.of(Map.of("name", "quoted", "pattern", "\"[a-z]+\""))));
    assertThat(
            sent(hook.preHook(CompletionRequest.of("m", "say \"please\" now"), context))
                .messages()
                .getFirst()
                .text())
        .isEqualTo("say [QUOTED_1] now");
    Completion back =
        (Completion)
            hook.postHook(reply("", new ToolCall("1", "f", "{\"a\":\"[QUOTED_1]\"}")), context);
    assertThat(back.choices().getFirst().message().toolCalls().getFirst().arguments())
        .isEqualTo("{\"a\":\"\\\"please\\\"\"}");
  }

  @Test
  void shouldMaskWhenThereIsTooMuchToRestore() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      text.append("person").append(i).append("@example.org ");
    }
    CompletionRequest sent =
        sent(hook(Map.of()).preHook(CompletionRequest.of("m", text.toString()), context));
    assertThat(sent.messages().getFirst().text()).startsWith("[email] [email]").doesNotContain("@");
    assertThat(environment.count(RedactHook.UNRESTORABLE)).isEqualTo(1);
    assertThat(context.events().getFirst().attributes())
        .containsEntry("how", "mask-too-much-to-restore");
    Completion reply = reply("[EMAIL_1]");
    assertThat(hook(Map.of()).postHook(reply, context)).isEqualTo(reply);
  }

  @Test
  void shouldRefuseWhatIsTooMuchToLookThrough() {
    PreHookResult result =
        hook(Map.of("max_characters", 1_000))
            .preHook(CompletionRequest.of("m", "x".repeat(1_001)), context);
    assertThat(((PreHookResult.Fail) result).error().code())
        .isEqualTo(ErrorCode.REQUEST_TOO_LARGE.wireName());
  }

  @Test
  void shouldKeepValuesOverTheBoundsOfNotes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Map<String, String> values = new HashMap<>();
      for (int i = random.nextInt(20); i > 0; i--) {
        values.put("K_" + i, random.nextInt(3) + ":😀\n".repeat(random.nextInt(1_000)));
      }
      TestContext own = new TestContext();
      boolean written = StoredValues.write(values, own);
      assertThat(StoredValues.read(own)).as("seed %s", seed).isEqualTo(written ? values : Map.of());
    }
  }

  @Test
  void shouldLeaveJsonAsItWasWhenNothingChanges() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String characters = "{}[]\":,\\ \n\tab1😀\u0001";
    for (int round = 0; round < 5_000; round++) {
      StringBuilder json = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        json.append(characters.charAt(random.nextInt(characters.length())));
      }
      UnaryOperator<String> same = UnaryOperator.identity();
      assertThat(JsonStrings.rewrite(json.toString(), same, same))
          .as("seed %s", seed)
          .isEqualTo(json.toString());
    }
  }

  @Test
  void shouldRefuseAPatternThatIsNone() {
    assertThatThrownBy(() -> hook(Map.of("patterns", List.of(Map.of("name", "a", "pattern", "(")))))
        .hasMessageStartingWith("patterns[0].pattern must be a regular expression of RE2");
    assertThatThrownBy(
            () -> hook(Map.of("patterns", List.of(Map.of("name", "A b", "pattern", "x")))))
        .hasMessageStartingWith("patterns[0].name must be 1 to 32 lower case letters");
    assertThatThrownBy(() -> hook(Map.of("kinds", List.of("face"))))
        .hasMessageStartingWith("kinds must be a list of some of [bearer, card");
  }
}
