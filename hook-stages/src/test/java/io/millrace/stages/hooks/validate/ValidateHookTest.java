package io.millrace.stages.hooks.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Tool;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValidateHookTest {

  private final TestEnvironment environment = new TestEnvironment();
  private final TestContext context = new TestContext().withTarget("openai", "gpt-4o");

  private Hook hook(Map<String, Object> config) {
    return new ValidateHookFactory().create(config, environment.environment());
  }

  private static CompletionRequest request(Message... messages) {
    return CompletionRequest.of("m", "x").withMessages(List.of(messages));
  }

  private static CompletionRequest with(
      @Nullable Double temperature, @Nullable Integer maxTokens, Map<String, String> extra) {
    return new CompletionRequest(
        "m",
        List.of(Message.user("x")),
        List.of(),
        null,
        null,
        temperature,
        null,
        maxTokens,
        List.of(),
        null,
        false,
        extra);
  }

  private PipelineError refused(Map<String, Object> config, CompletionRequest request) {
    return ((PreHookResult.Fail) hook(config).preHook(request, context)).error();
  }

  private static Message calling(String id) {
    return new Message(
        "assistant", null, null, List.of(new ToolCall(id, "f", "{}")), null, Map.of());
  }

  private static Message answering(@Nullable String id) {
    return new Message("tool", new Content.Text("42"), null, List.of(), id, Map.of());
  }

  @Test
  void shouldLetAGoodConversationPassUnchanged() {
    CompletionRequest good =
        request(
            Message.of("system", "Be brief."),
            Message.user("hi\n\tthere"),
            calling("1"),
            answering("1"));
    for (String order : List.of("any", "tools", "strict")) {
      assertThat(hook(Map.of("role_order", order)).preHook(good, context))
          .isEqualTo(PreHookResult.proceed(good));
    }
  }

  @Test
  void shouldNameTheFieldsAndForbidFallbacksWhenTheRequestIsAtFault() {
    PipelineError error =
        refused(Map.of(), request(Message.of("robot", "x"), answering("9"), answering(null)));
    assertThat(error.code()).isEqualTo("invalid_request");
    assertThat(error.httpStatus()).isEqualTo(400);
    assertThat(error.mayFallBack()).isFalse();
    assertThat(error.message())
        .isEqualTo(
            "messages[0].role: must be system, developer, user, assistant or tool, is 'robot';"
                + " messages[1].tool_call_id: no assistant message before it makes a call '9';"
                + " messages[2].tool_call_id: is missing: which call does it answer?");
    assertThat(environment.count(ValidateHook.REFUSED, Map.of("kind", "roles"))).isEqualTo(1);
    assertThat(context.events().getFirst().attributes()).containsEntry("field", "messages[0].role");
  }

  @Test
  void shouldHoldTheOrderOfRolesWhenStrict() {
    Map<String, Object> strict = Map.of("role_order", "strict");
    assertThat(refused(strict, request(Message.user("x"), Message.of("system", "y"))).message())
        .startsWith("messages[1].role: system messages must come first");
    assertThat(refused(strict, request(calling("1"), Message.user("x"))).message())
        .startsWith("messages[1].role: call '1' must be answered by a tool message first");
    assertThat(refused(strict, request(Message.user("x"), Message.assistant("y"))).message())
        .startsWith("messages[1].role: the last message must be for the assistant to answer");
  }

  @Test
  void shouldHoldSizesToTheirBounds() {
    assertThat(
            refused(Map.of("max_messages", 1), request(Message.user("a"), Message.user("b")))
                .message())
        .isEqualTo("messages: has 2 messages, at most 1 are allowed");
    assertThat(
            refused(Map.of("max_message_characters", 3), request(Message.user("abcd"))).message())
        .isEqualTo("messages[0].content: has 4 characters, at most 3 are allowed");
    assertThat(
            refused(Map.of("max_characters", 5), request(Message.user("abc"), Message.user("def")))
                .message())
        .isEqualTo("messages: has 6 characters, at most 5 are allowed");
    assertThat(refused(Map.of(), request()).message()).startsWith("messages: is empty");
  }

  @Test
  void shouldHoldParametersToTheirRanges() {
    assertThat(refused(Map.of(), with(Double.NaN, 0, Map.of("n", "129"))).message())
        .isEqualTo(
            "temperature: must be from 0 to 2, is NaN; max_tokens: must be at least 1, is 0; n:"
                + " must be from 1 to 128, is 129.0");
    assertThat(refused(Map.of(), with(-0.1, null, Map.of())).message()).startsWith("temperature");
    assertThat(refused(Map.of(), with(null, null, Map.of("n", "\"x\""))).message())
        .isEqualTo("n: must be a number");
  }

  @Test
  void shouldHoldTheDepthOfJsonToItsBound() {
    String deep = "{\"a\":".repeat(100_000) + "1";
    CompletionRequest request =
        new CompletionRequest(
            "m",
            List.of(Message.user("x")),
            List.of(
                new Tool.Function("f", null, deep, null), new Tool.Function("f", null, null, null)),
            null,
            "[[[\"[[[[[\"]]]",
            null,
            null,
            null,
            List.of(),
            null,
            false,
            Map.of());
    assertThat(refused(Map.of("max_json_depth", 3), request).message())
        .isEqualTo(
            "tools[0].function.parameters: objects and lists lie 100,000 deep in each other, at"
                + " most 3 is allowed; tools[1].function.name: another tool has this name already");
  }

  @Test
  void shouldNameAtMostFiveFaults() {
    Message[] robots = new Message[50];
    java.util.Arrays.fill(robots, Message.of("robot", "x"));
    assertThat(refused(Map.of(), request(robots)).message().split("; ")).hasSize(Faults.MAX);
  }

  @Test
  void shouldAllowFallbacksWhenOnlyTheModelIsTooSmall() {
    Map<String, Object> limits =
        Map.of(
            "models",
            Map.of(
                "*", Map.of("max_input_tokens", 1),
                "gpt-4*",
                    Map.of(
                        "max_input_tokens",
                        10,
                        "max_output_tokens",
                        5,
                        "vision",
                        false,
                        "tools",
                        false)));
    PipelineError input = refused(limits, request(Message.user("x".repeat(41))));
    assertThat(input.mayFallBack()).isTrue();
    assertThat(input.message())
        .isEqualTo("messages: about 15 tokens, openai/gpt-4o takes at most 10");
    assertThat(refused(limits, with(null, 6, Map.of())).message())
        .isEqualTo("max_tokens: is 6, openai/gpt-4o gives at most 5");
    Content image = new Content.Parts(List.of(new Content.ImagePart("https://x.example/i", null)));
    assertThat(
            refused(limits, request(new Message("user", image, null, List.of(), null, Map.of())))
                .message())
        .isEqualTo("messages[0].content: openai/gpt-4o takes no images");
  }

  @Test
  void shouldStripOrRefuseControlCharacters() {
    CompletionRequest dirty = request(Message.user("a\u0000b\u001b[31mc\u0085d\te"));
    assertThat(hook(Map.of()).preHook(dirty, context))
        .isEqualTo(PreHookResult.proceed(dirty.withMessages(List.of(Message.user("ab[31mcd\te")))));
    assertThat(refused(Map.of("control_characters", "refuse"), dirty).message())
        .startsWith("messages[0].content: has control characters");
    assertThat(hook(Map.of("control_characters", "allow")).preHook(dirty, context))
        .isEqualTo(PreHookResult.proceed(dirty));
  }

  @Test
  void shouldCleanAndCutReplies() {
    Completion reply = Completion.ofText("c", "m", 1, "ab\u0007😀cd", Usage.NONE);
    Completion cut = (Completion) hook(Map.of("max_reply_characters", 3)).postHook(reply, context);
    assertThat(cut.text()).isEqualTo("ab");
    assertThat(cut.choices().getFirst().finishReason()).isEqualTo("length");
    Completion clean = Completion.ofText("c", "m", 1, "fine", Usage.NONE);
    assertThat(hook(Map.of()).postHook(clean, context)).isSameAs(clean);
  }

  @Test
  void shouldCleanChunksAndKeepThemJson() {
    Chunk chunk = new Chunk(3, "{\"a\":\"x\\u0007\\b\\n\\\\u0007\\u00e9\\\"\"}");
    assertThat(hook(Map.of()).onChunk(chunk))
        .isEqualTo(ChunkResult.pass(new Chunk(3, "{\"a\":\"x\\n\\\\u0007\\u00e9\\\"\"}")));
    assertThat(ControlCharacters.strippedFromJson("\\u00")).isEqualTo("\\u00");
    assertThat(ControlCharacters.strippedFromJson("x\\")).isEqualTo("x\\");
  }

  @Test
  void shouldNameTheKeyWhenTheConfigurationIsWrong() {
    assertThatThrownBy(() -> hook(Map.of("models", Map.of("a/b", Map.of("max_input_tokens", 0)))))
        .hasMessageStartingWith("models.a/b.max_input_tokens must be a whole number from 1 to");
  }
}
