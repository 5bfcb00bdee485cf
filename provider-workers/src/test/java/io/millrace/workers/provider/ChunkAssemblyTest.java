package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkAssemblyTest {

  private static final int MAX = 1 << 20;
  private static final String[] WORDS = {"grain ", "ü", "{\"k\": [1]}", "\n", "\\\"", "𝄞"};

  @Test
  void shouldPutTogetherWhatWasTakenApart() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      ObjectNode whole = completion(random);
      ChunkAssembly assembly = new ChunkAssembly(MAX);
      for (ObjectNode chunk : chunks(whole, random)) {
        assembly.add(chunk);
      }
      assertThat(ChatCompletions.readCompletion(assembly.toJson()))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(ChatCompletions.readCompletion(whole));
    }
  }

  @Test
  void shouldKeepNamesAndIdsThatServersRepeat() throws Exception {
    ChunkAssembly assembly = new ChunkAssembly(MAX);
    String call =
        """
        {"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"%s",
        "type":"function","function":{"name":"%s","arguments":"%s"}}]}}]}\
        """;
    assembly.add(object(call.formatted("call-1", "find", "{")));
    assembly.add(object(call.formatted("call-1", "find", "}")));
    assembly.add(object(call.formatted("", "", " ")));
    assertThat(assembly.toJson().at("/choices/0/message/tool_calls"))
        .hasToString(
            "[{\"id\":\"call-1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"find\",\"arguments\":\"{} \"}}]");
  }

  @Test
  void shouldTakeUsageFromWhereverItIs() throws Exception {
    ChunkAssembly assembly = new ChunkAssembly(MAX);
    assembly.add(object("{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}"));
    assembly.add(
        object("{\"choices\":[],\"x_groq\":{\"usage\":{\"prompt_tokens\":3}},\"usage\":null}"));
    assertThat(ChatCompletions.readCompletion(assembly.toJson()).usage().promptTokens())
        .isEqualTo(3);
  }

  @Test
  void shouldLeavePaddingOut() throws Exception {
    ChunkAssembly assembly = new ChunkAssembly(MAX);
    assembly.add(object("{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"obfuscation\":\"xyz\"}"));
    assertThat(assembly.toJson().toString()).doesNotContain("obfuscation");
  }

  @Test
  void shouldRefuseWhatGrowsPastTheBound() throws Exception {
    ChunkAssembly assembly = new ChunkAssembly(116);
    ObjectNode chunk = object("{\"choices\":[{\"delta\":{\"content\":\"0123456789\"}}]}");
    for (int i = 0; i < 10; i++) {
      assembly.add(chunk);
    }
    assertThatThrownBy(() -> assembly.add(chunk))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessageContaining("longer than 116");
    for (int index : List.of(-1, 1_000_000)) {
      ChunkAssembly many = new ChunkAssembly(100);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 200; i++) {
                  many.add(
                      object("{\"choices\":[{\"index\":%d}]}".formatted(index < 0 ? index : i)));
                }
              })
          .isInstanceOf(InvalidBodyException.class)
          .hasMessageContaining("choices must be");
    }
  }

  @Test
  void shouldNotCountWhatIsOnlyRepeated() throws Exception {
    ChunkAssembly assembly = new ChunkAssembly(200);
    ObjectNode chunk =
        object(
            """
            {"choices":[{"delta":{"role":"assistant","content":"","n":1,"tool_calls":[{"index":0,
            "id":"call-1","function":{"name":"f","arguments":""}}]}}]}\
            """);
    for (int i = 0; i < 1_000; i++) {
      assembly.add(chunk);
    }
    assertThat(assembly.toJson().toString()).contains("call-1");
  }

  @Test
  void shouldCutChunksThatAreTooLongForASink() throws Exception {
    String text = "𝄞\n".repeat(ChunkSink.MAX_CHUNK_CHARACTERS / 2);
    ObjectNode chunk = object("{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}");
    ((ObjectNode) chunk.at("/choices/0")).putObject("delta").put("content", text);
    List<String> pieces = ChunkSplitter.split(chunk.deepCopy());
    assertThat(pieces)
        .hasSizeGreaterThan(1)
        .allMatch(piece -> piece.length() <= ChunkSink.MAX_CHUNK_CHARACTERS);
    ChunkAssembly assembly = new ChunkAssembly(MAX);
    for (String piece : pieces) {
      assembly.add(object(piece));
    }
    assertThat(assembly.toJson().at("/choices/0/message/content").asText()).isEqualTo(text);
    assertThat(object(pieces.getFirst()).at("/choices/0/finish_reason").isNull()).isTrue();
    assertThat(object(pieces.getLast()).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  private static ObjectNode completion(Random random) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("id", "c-" + random.nextInt()).put("object", "chat.completion");
    whole.put("created", random.nextInt(1 << 30)).put("model", "m");
    if (random.nextBoolean()) {
      whole.put("system_fingerprint", "fp");
    }
    ArrayNode choices = whole.putArray("choices");
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      choices.add(choice(i, random));
    }
    ObjectNode usage = whole.putObject("usage");
    usage.put("prompt_tokens", random.nextInt(100)).put("completion_tokens", random.nextInt(100));
    usage.putObject("completion_tokens_details").put("reasoning_tokens", random.nextInt(9));
    return whole;
  }

  private static ObjectNode choice(int index, Random random) {
    ObjectNode choice = JsonNodeFactory.instance.objectNode().put("index", index);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    message.put("content", random.nextBoolean() ? text(random) : null);
    if (random.nextBoolean()) {
      message.put("reasoning_content", text(random));
    }
    if (random.nextBoolean()) {
      ArrayNode calls = message.putArray("tool_calls");
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        ObjectNode call = calls.addObject().put("id", "t" + i).put("type", "function");
        call.putObject("function").put("name", "f" + i).put("arguments", text(random));
      }
    }
    if (random.nextBoolean()) {
      ArrayNode logprobs = choice.putObject("logprobs").putArray("content");
      logprobs.addObject().put("token", "a").put("logprob", -0.5);
      logprobs.addObject().put("token", "b").put("logprob", -1);
    }
    return choice.put("finish_reason", random.nextBoolean() ? "stop" : "length");
  }

  /** Takes a completion apart as a provider does, each part in pieces, choices in between. */
  private static List<ObjectNode> chunks(ObjectNode whole, Random random) {
    List<List<ObjectNode>> parts = new ArrayList<>();
    for (JsonNode choice : whole.path("choices")) {
      parts.add(chunks(choice, random));
    }
    List<ObjectNode> chunks = new ArrayList<>();
    while (!parts.isEmpty()) {
      List<ObjectNode> part = parts.get(random.nextInt(parts.size()));
      ObjectNode chunk = head(whole);
      chunk.putArray("choices").add(part.removeFirst());
      chunks.add(chunk.putNull("usage"));
      parts.removeIf(List::isEmpty);
    }
    ObjectNode last = head(whole);
    last.putArray("choices");
    last.set("usage", whole.get("usage"));
    chunks.add(last);
    return chunks;
  }

  private static List<ObjectNode> chunks(JsonNode choice, Random random) {
    int index = choice.path("index").asInt();
    JsonNode message = choice.path("message");
    List<ObjectNode> texts = new ArrayList<>();
    pieces(message.path("content"), random)
        .forEach(piece -> delta(texts, index).put("content", piece));
    List<ObjectNode> thoughts = new ArrayList<>();
    pieces(message.path("reasoning_content"), random)
        .forEach(piece -> delta(thoughts, index).put("reasoning_content", piece));
    List<ObjectNode> chunks = new ArrayList<>();
    delta(chunks, index).put("role", "assistant");
    chunks.addAll(thoughts);
    chunks.addAll(texts);
    for (int i = 0; i < message.path("tool_calls").size(); i++) {
      call(chunks, index, i, message.path("tool_calls").get(i), random);
    }
    for (JsonNode token : choice.at("/logprobs/content")) {
      delta(chunks, index);
      chunks.getLast().putObject("logprobs").putArray("content").add(token);
    }
    delta(chunks, index);
    chunks.getLast().set("finish_reason", choice.get("finish_reason"));
    return chunks;
  }

  private static void call(
      List<ObjectNode> chunks, int index, int i, JsonNode call, Random random) {
    ObjectNode first = delta(chunks, index).putArray("tool_calls").addObject().put("index", i);
    first.setAll((ObjectNode) call.deepCopy());
    ((ObjectNode) first.path("function")).put("arguments", "");
    for (String piece : pieces(call.at("/function/arguments"), random)) {
      ObjectNode next = delta(chunks, index).putArray("tool_calls").addObject().put("index", i);
      next.putObject("function").put("arguments", piece);
    }
  }

  private static ObjectNode delta(List<ObjectNode> chunks, int index) {
    ObjectNode choice = JsonNodeFactory.instance.objectNode().put("index", index);
    chunks.add(choice);
    return choice.putNull("finish_reason").putObject("delta");
  }

  private static ObjectNode head(ObjectNode whole) {
    ObjectNode head = whole.deepCopy();
    head.remove(List.of("choices", "usage"));
    return head.put("object", "chat.completion.chunk");
  }

  private static List<String> pieces(JsonNode text, Random random) {
    if (!text.isTextual()) {
      return List.of();
    }
    List<String> pieces = new ArrayList<>(Collections.singletonList(""));
    text.asText()
        .codePoints()
        .forEach(
            c -> {
              if (random.nextInt(3) == 0) {
                pieces.add("");
              }
              pieces.add(pieces.removeLast() + Character.toString(c));
            });
    return pieces;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  private static ObjectNode object(String json) throws InvalidBodyException {
    return (ObjectNode) ChatCompletions.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
