package io.millrace.schemas.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatCompletionsTest {

  private static final String CALLS =
      """
      [{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},"index":0}]\
      """;

  @Test
  void shouldWriteChangedCallsWhenHookReplacedThem() throws Exception {
    Message sent = assistant(CALLS);
    Message changed = withCalls(sent, List.of(new ToolCall("c1", "g", "{}")));

    assertThat(written(changed))
        .contains(
            """
            "tool_calls":[{"id":"c1","type":"function","function":{"name":"g","arguments":"{}"}}]\
            """);
  }

  @Test
  void shouldWriteNoCallsWhenHookTookThemAway() throws Exception {
    assertThat(written(withCalls(assistant(CALLS), List.of()))).doesNotContain("tool_calls");
  }

  @Test
  void shouldWriteCallsAsSentWhenNobodyChangedThem() throws Exception {
    assertThat(written(assistant(CALLS))).contains("\"tool_calls\":" + CALLS);
  }

  @Test
  void shouldWriteChangedUsageWhenHookReplacedIt() throws Exception {
    Completion sent =
        completion("{'prompt_tokens':1,'completion_tokens':2,'total_tokens':3,'cost':0.5}");
    Completion changed =
        new Completion(
            sent.id(), sent.model(), 0, sent.choices(), new Usage(5, 6, 4, 0), sent.extra());

    assertThat(ChatCompletions.writeCompletion(changed).get("usage"))
        .hasToString(
            """
            {"prompt_tokens":5,"completion_tokens":6,"total_tokens":11,\
            "prompt_tokens_details":{"cached_tokens":4}}\
            """);
  }

  @Test
  void shouldReadResponseWhenServerLeavesOutWhatItCan() throws Exception {
    Completion completion = completion("null");

    assertThat(completion.id()).isEmpty();
    assertThat(completion.model()).isEmpty();
    assertThat(completion.usage()).isEqualTo(Usage.NONE);
    assertThat(completion.choices().getFirst().message()).isEqualTo(Message.assistant("hi"));
    assertThat(completion.extra()).isEmpty();
  }

  @Test
  void shouldPutFieldOnceWhenExtraHasItsName() {
    CompletionRequest request = CompletionRequest.of("m", "hi");
    CompletionRequest doubled =
        new CompletionRequest(
            "m",
            request.messages(),
            List.of(),
            null,
            null,
            0.5,
            null,
            null,
            List.of(),
            null,
            false,
            Map.of("temperature", "1", "top_p", "0.1"));

    assertThat(ChatCompletions.writeRequest(doubled).toString())
        .contains("\"temperature\":0.5,\"top_p\":0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_REQUEST, invalid_request_error",
    "MODEL_NOT_FOUND, invalid_request_error",
    "UNAUTHENTICATED, authentication_error",
    "FORBIDDEN, permission_error",
    "RATE_LIMITED, rate_limit_error",
    "UPSTREAM_TIMEOUT, timeout_error",
    "DEADLINE_EXCEEDED, timeout_error",
    "CANCELLED, invalid_request_error",
    "UPSTREAM_ERROR, server_error",
    "NO_ELIGIBLE_KEYS, server_error",
    "INTERNAL_ERROR, server_error"
  })
  void shouldWriteErrorInTheWordsClientsKnow(ErrorCode code, String type) {
    assertThat(ChatCompletions.writeError(code.error("It broke.")).toString())
        .isEqualTo(
            "{\"error\":{\"message\":\"It broke.\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
                .formatted(type, code.wireName()));
  }

  @Test
  void shouldNameFieldWhenErrorIsAboutOne() {
    PipelineError guard =
        new PipelineError("pii", ErrorCategory.SECURITY, "No.", 400, null, null, null);

    assertThat(ChatCompletions.writeError(guard, "messages[0]").toString())
        .isEqualTo(
            "{\"error\":{\"message\":\"No.\",\"type\":\"invalid_request_error\","
                + "\"param\":\"messages[0]\",\"code\":\"pii\"}}");
  }

  private static Message assistant(String calls) throws InvalidBodyException {
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":" + calls + "}]}";
    return ChatCompletions.readRequest(ChatCompletions.parse(body.getBytes(UTF_8)))
        .messages()
        .getFirst();
  }

  private static Message withCalls(Message message, List<ToolCall> calls) {
    return new Message("assistant", null, null, calls, null, message.extra());
  }

  private static String written(Message message) {
    return ChatCompletions.writeRequest(
            CompletionRequest.of("m", "x").withMessages(List.of(message)))
        .toString();
  }

  private static Completion completion(String usage) throws InvalidBodyException {
    String body = "{'choices':[{'message':{'content':'hi'}}],'usage':" + usage + "}";
    return ChatCompletions.readCompletion(
        ChatCompletions.parse(body.replace('\'', '"').getBytes(UTF_8)));
  }
}
