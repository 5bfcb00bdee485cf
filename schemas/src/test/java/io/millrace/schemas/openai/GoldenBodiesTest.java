package io.millrace.schemas.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Content.ImagePart;
import io.millrace.plugin.model.Content.OtherPart;
import io.millrace.plugin.model.Content.TextPart;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Tool;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Where each field of a real body goes. */
class GoldenBodiesTest {

  @Test
  void shouldReadEveryFieldOfRequest() throws Exception {
    CompletionRequest request = ChatCompletions.readRequest(body("request.json"));

    assertThat(request.model()).isEqualTo("openai/gpt-4.1");
    assertThat(request.messages())
        .extracting(Message::role)
        .containsExactly("developer", "user", "assistant", "tool");
    assertThat(request.messages().getFirst())
        .isEqualTo(Message.of("developer", "Answer in one sentence."));
    assertThat(request.messages().get(1).name()).isEqualTo("ann");
    assertThat(request.messages().get(1).content())
        .isEqualTo(
            new Content.Parts(
                List.of(
                    new TextPart("What is in this picture, and how warm is it there?"),
                    new ImagePart("https://example.org/boat.png", "low"),
                    new ImagePart("data:image/png;base64,iVBORw0KGgo=", null),
                    new OtherPart(
                        "{\"type\":\"input_audio\",\"input_audio\":"
                            + "{\"data\":\"UklGRg==\",\"format\":\"wav\"}}"))));
    assertThat(request.messages().get(2))
        .isEqualTo(
            new Message(
                "assistant",
                null,
                null,
                List.of(new ToolCall("call_1", "weather", "{\"city\":\"Gdańsk\"}")),
                null,
                Map.of("refusal", "null")));
    assertThat(request.messages().get(3).toolCallId()).isEqualTo("call_1");
  }

  @Test
  void shouldReadToolsAndParametersOfRequest() throws Exception {
    CompletionRequest request = ChatCompletions.readRequest(body("request.json"));

    assertThat(request.tools())
        .containsExactly(
            new Tool.Function(
                "weather",
                "The weather in a city",
                "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},"
                    + "\"required\":[\"city\"],\"additionalProperties\":false}",
                true),
            new Tool.Other(
                "{\"type\":\"custom\",\"custom\":{\"name\":\"note\",\"format\":{\"type\":\"text\"}}}"));
    assertThat(request.toolChoiceJson())
        .isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}");
    assertThat(request.responseFormatJson()).startsWith("{\"type\":\"json_schema\"");
    assertThat(request.temperature()).isEqualTo(0.2);
    assertThat(request.topP()).isEqualTo(0.9);
    assertThat(request.maxTokens()).isEqualTo(300);
    assertThat(request.stop()).containsExactly("END", "\n\n");
    assertThat(request.seed()).isEqualTo(9_007_199_254_740_993L);
    assertThat(request.stream()).isTrue();
    assertThat(request.extra())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "parallel_tool_calls", "false",
                "max_completion_tokens", "400",
                "stream_options", "{\"include_usage\":true}",
                "logit_bias", "{\"50256\":-100}",
                "metadata", "{\"job\":\"golden\"}",
                "n", "1",
                "frequency_penalty", "0.10"));
  }

  @Test
  void shouldWriteRequestAsItWasSent() throws Exception {
    ObjectNode sent = body("request.json");
    CompletionRequest request = ChatCompletions.readRequest(sent);

    assertThat(ChatCompletions.parse(bytes(ChatCompletions.writeRequest(request)))).isEqualTo(sent);
  }

  @Test
  void shouldReadEveryFieldOfResponse() throws Exception {
    Completion completion = ChatCompletions.readCompletion(body("response.json"));

    assertThat(completion.id()).isEqualTo("chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT");
    assertThat(completion.model()).isEqualTo("gpt-4.1-2025-04-14");
    assertThat(completion.createdSeconds()).isEqualTo(1_741_569_952L);
    assertThat(completion.usage()).isEqualTo(new Usage(1117, 46, 1024, 12));
    assertThat(completion.extra()).containsOnlyKeys("service_tier", "system_fingerprint", "usage");
    Completion.Choice choice = completion.choices().getFirst();
    assertThat(choice.finishReason()).isEqualTo("tool_calls");
    assertThat(choice.extra()).containsExactly(Map.entry("logprobs", "null"));
    assertThat(choice.message().toolCalls())
        .containsExactly(new ToolCall("call_7", "weather", "{\"city\": \"Oslo\"}"));
    assertThat(choice.message().extra()).containsOnlyKeys("refusal", "annotations", "tool_calls");
  }

  @Test
  void shouldWriteResponseAsItCame() throws Exception {
    ObjectNode sent = body("response.json");
    Completion completion = ChatCompletions.readCompletion(sent);

    assertThat(ChatCompletions.parse(bytes(ChatCompletions.writeCompletion(completion))))
        .isEqualTo(sent);
  }

  private static byte[] bytes(ObjectNode body) {
    return body.toString().getBytes(UTF_8);
  }

  private static ObjectNode body(String name) throws IOException, InvalidBodyException {
    try (InputStream in = GoldenBodiesTest.class.getResourceAsStream("/openai/" + name)) {
      return (ObjectNode) ChatCompletions.parse(Objects.requireNonNull(in).readAllBytes());
    }
  }
}
