package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicAnswerTest {

  private static final long NOW = 1_700_000_000;

  @Test
  void shouldMapTextToolsThinkingAndUsage() throws Exception {
    Completion completion =
        read(
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-9","container":null,
             "content":[{"type":"thinking","thinking":"hm","signature":"sig"},
              {"type":"redacted_thinking","data":"xx"},
              {"type":"text","text":"I look "},{"type":"text","text":"it up."},
              {"type":"tool_use","id":"t1","name":"find","input":{"q":1}}],
             "stop_reason":"tool_use","stop_sequence":null,
             "usage":{"input_tokens":5,"cache_creation_input_tokens":20,
              "cache_read_input_tokens":300,"output_tokens":40,"service_tier":"standard",
              "output_tokens_details":{"thinking_tokens":8}}}\
            """);
    assertThat(completion.id()).isEqualTo("msg_1");
    assertThat(completion.model()).isEqualTo("claude-9");
    assertThat(completion.createdSeconds()).isEqualTo(NOW);
    assertThat(completion.usage()).isEqualTo(new Usage(325, 40, 300, 8));
    assertThat(completion.extra().get("usage"))
        .contains("\"cache_creation_input_tokens\":20", "\"service_tier\":\"standard\"");
    Message message = completion.choices().getFirst().message();
    assertThat(message.text()).isEqualTo("I look it up.");
    assertThat(message.toolCalls()).containsExactly(new ToolCall("t1", "find", "{\"q\":1}"));
    assertThat(message.extra())
        .containsEntry("reasoning_content", "\"hm\"")
        .containsEntry(
            "thinking_blocks",
            "[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"sig\"},"
                + "{\"type\":\"redacted_thinking\",\"data\":\"xx\"}]")
        .doesNotContainKey("content_blocks");
    assertThat(completion.choices().getFirst().finishReason()).isEqualTo("tool_calls");
  }

  @Test
  void shouldKeepBlocksThatSayMore() throws Exception {
    Completion completion =
        read(
            """
            {"content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}},
             {"type":"text","text":"a","citations":[{"cited_text":"b"}]}],
             "stop_reason":"end_turn"}\
            """);
    assertThat(completion.text()).isEqualTo("a");
    assertThat(completion.choices().getFirst().message().extra().get("content_blocks"))
        .contains("server_tool_use", "cited_text");
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, stop",
    "max_tokens, length",
    "tool_use, tool_calls",
    "stop_sequence, stop",
    "refusal, content_filter",
    "model_context_window_exceeded, length",
    "pause_turn, pause_turn"
  })
  void shouldMapEveryStopReason(String reason, String expected) throws Exception {
    Completion.Choice choice =
        read("{\"content\":[],\"stop_reason\":\"%s\",\"stop_sequence\":\"END\"}".formatted(reason))
            .choices()
            .getFirst();
    assertThat(choice.finishReason()).isEqualTo(expected);
    assertThat(choice.extra()).containsEntry("stop_sequence", "\"END\"");
  }

  @Test
  void shouldRefuseWhatIsNoAnswer() {
    for (String body : List.of("{}", "[]", "{\"content\":\"text\"}", "null", "3")) {
      assertThatThrownBy(() -> read(body))
          .isInstanceOf(InvalidBodyException.class)
          .hasMessageContaining("content must be");
    }
  }

  @Test
  void shouldReadTheSameFromAStream() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      ObjectNode whole = answer(random);
      assertThat(stream(events(whole, random)))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(ChatCompletions.readCompletion(AnthropicAnswer.translate(whole, NOW)));
    }
  }

  @Test
  void shouldRefuseAStreamOutOfOrder() {
    for (String event :
        List.of(
            "{\"type\":\"message_stop\"}",
            "{\"type\":\"message_start\"}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{}}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}")) {
      assertThatThrownBy(() -> new AnthropicStream(NOW, null).read(new SseEvent("", event)))
          .as(event)
          .isInstanceOf(InvalidBodyException.class);
    }
  }

  private static Completion stream(List<JsonNode> events) throws Exception {
    AnthropicStream stream = new AnthropicStream(NOW, null);
    ChunkAssembly assembly = new ChunkAssembly(1 << 20);
    for (JsonNode event : events) {
      List<ObjectNode> chunks =
          switch (stream.read(new SseEvent(event.path("type").asText(), event.toString()))) {
            case StreamReader.Step.Chunks(var some) -> some;
            case StreamReader.Step.End(var last) -> last;
            case StreamReader.Step.Fault(var error) -> throw new AssertionError(error);
          };
      for (ObjectNode chunk : chunks) {
        assembly.add(chunk);
      }
    }
    return ChatCompletions.readCompletion(assembly.toJson());
  }

  private static ObjectNode answer(Random random) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("id", "msg_" + random.nextInt()).put("type", "message").put("role", "assistant");
    whole.put("model", "claude-9");
    ArrayNode content = whole.putArray("content");
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      content.add(block(i, random));
    }
    String[] reasons = {"end_turn", "max_tokens", "tool_use", "refusal", "pause_turn"};
    whole.put("stop_reason", reasons[random.nextInt(reasons.length)]).putNull("stop_sequence");
    if (random.nextBoolean()) {
      whole.putObject("stop_details").put("type", "refusal");
    }
    whole
        .putObject("usage")
        .put("input_tokens", random.nextInt(100))
        .put("cache_read_input_tokens", random.nextInt(100))
        .put("output_tokens", random.nextInt(100));
    return whole;
  }

  private static ObjectNode block(int index, Random random) {
    ObjectNode block = JsonNodeFactory.instance.objectNode();
    return switch (random.nextInt(5)) {
      case 0 -> block.put("type", "thinking").put("thinking", text(random)).put("signature", "s");
      case 1 -> block.put("type", "redacted_thinking").put("data", "xx");
      case 2 -> {
        block.put("type", "tool_use").put("id", "t" + index).put("name", "find");
        ObjectNode input = block.putObject("input");
        if (random.nextBoolean()) {
          input.put("q", text(random));
        }
        yield block;
      }
      case 3 -> {
        block.put("type", "text").put("text", text(random));
        if (random.nextBoolean()) {
          block.putArray("citations").addObject().put("cited_text", "c");
        }
        yield block;
      }
      default -> block.put("type", "text").put("text", text(random));
    };
  }

  private static List<JsonNode> events(ObjectNode whole, Random random) {
    List<JsonNode> events = new ArrayList<>();
    ObjectNode start = whole.deepCopy();
    start.putArray("content");
    start.putNull("stop_reason").remove("stop_details");
    ((ObjectNode) start.path("usage")).put("output_tokens", 1);
    event(events, "message_start").set("message", start);
    event(events, "ping");
    for (int i = 0; i < whole.path("content").size(); i++) {
      addBlock(events, i, (ObjectNode) whole.path("content").get(i), random);
    }
    ObjectNode delta = event(events, "message_delta");
    ObjectNode ending = delta.putObject("delta");
    ending.set("stop_reason", whole.get("stop_reason"));
    ending.set("stop_details", whole.path("stop_details").deepCopy());
    delta.putObject("usage").set("output_tokens", whole.at("/usage/output_tokens"));
    event(events, "message_stop");
    return events;
  }

  private static void addBlock(List<JsonNode> events, int index, ObjectNode block, Random random) {
    String type = block.path("type").asText();
    ObjectNode empty = block.deepCopy();
    String field = type.equals("thinking") ? "thinking" : "text";
    if (type.equals("text") || type.equals("thinking")) {
      empty.put(field, "");
      empty.remove("citations");
      if (type.equals("thinking")) {
        empty.put("signature", "");
      }
    } else if (type.equals("tool_use")) {
      empty.putObject("input");
    }
    event(events, "content_block_start").put("index", index).set("content_block", empty);
    if (type.equals("tool_use") && !block.path("input").isEmpty()) {
      for (String piece : pieces(block.path("input").toString(), random)) {
        delta(events, index, "input_json_delta").put("partial_json", piece);
      }
    }
    for (String piece : pieces(block.path(field).asText(""), random)) {
      delta(events, index, field + "_delta").put(field, piece);
    }
    for (JsonNode citation : block.path("citations")) {
      delta(events, index, "citations_delta").set("citation", citation);
    }
    if (type.equals("thinking")) {
      delta(events, index, "signature_delta").set("signature", block.get("signature"));
    }
    event(events, "content_block_stop").put("index", index);
  }

  private static ObjectNode delta(List<JsonNode> events, int index, String type) {
    return event(events, "content_block_delta")
        .put("index", index)
        .putObject("delta")
        .put("type", type);
  }

  private static ObjectNode event(List<JsonNode> events, String type) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
    events.add(event);
    return event;
  }

  private static List<String> pieces(String text, Random random) {
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + 1 + random.nextInt(5));
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  private static String text(Random random) {
    return "grain of \"wheat\" ".substring(0, random.nextInt(17));
  }

  private static Completion read(String body) throws InvalidBodyException {
    return ChatCompletions.readCompletion(
        AnthropicAnswer.translate(
            ChatCompletions.parse(body.getBytes(StandardCharsets.UTF_8)), NOW));
  }
}
