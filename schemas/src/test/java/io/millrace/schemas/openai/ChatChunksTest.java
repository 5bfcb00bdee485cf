package io.millrace.schemas.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Completion.Choice;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ChatChunksTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void shouldBeginWithTheRoleAndEndWithTheReason() {
    List<JsonNode> chunks =
        trees(ChatChunks.of(Completion.ofText("c", "m", 7, "hello", Usage.of(3, 1))));

    assertThat(chunks).hasSize(2);
    assertThat(chunks.getFirst().at("/object").asText()).isEqualTo("chat.completion.chunk");
    assertThat(chunks.getFirst().at("/id").asText()).isEqualTo("c");
    assertThat(chunks.getFirst().at("/created").asLong()).isEqualTo(7);
    assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(chunks.getFirst().at("/choices/0/delta/content").asText()).isEqualTo("hello");
    assertThat(chunks.getFirst().at("/choices/0/finish_reason").isNull()).isTrue();
    assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(chunks).noneMatch(chunk -> chunk.has("usage"));
  }

  @Test
  void shouldTellWhatWasUsedInAPieceOfItsOwn() {
    String usage = ChatChunks.usage(Completion.ofText("c", "m", 7, "hello", Usage.of(3, 1)));

    assertThat(ChatChunks.isUsage(usage)).isTrue();
    assertThat(tree(usage).at("/choices")).isEmpty();
    assertThat(tree(usage).at("/usage/total_tokens").asInt()).isEqualTo(4);
  }

  @Test
  void shouldTellUsageFromOtherPieces() {
    assertThat(ChatChunks.isUsage("{\"choices\":[],\"usage\":null}")).isFalse();
    assertThat(ChatChunks.isUsage("{\"choices\":[{}],\"usage\":{\"total_tokens\":1}}")).isFalse();
    assertThat(ChatChunks.isUsage("{\"choices\":[]}")).isFalse();
    assertThat(ChatChunks.isUsage("\"usage\" is no JSON")).isFalse();
  }

  @Test
  void shouldNumberTheCallsOfTools() {
    Message message =
        new Message(
            "assistant",
            null,
            null,
            List.of(new ToolCall("a", "f", "{}"), new ToolCall("b", "g", "{\"x\":1}")),
            null,
            Map.of("refusal", "\"no\""));
    Completion completion =
        new Completion(
            "c",
            "m",
            7,
            List.of(new Choice(0, message, "tool_calls", Map.of("logprobs", "{\"content\":[]}"))),
            Usage.NONE,
            Map.of("system_fingerprint", "\"fp\""));

    JsonNode first = trees(ChatChunks.of(completion)).getFirst();

    assertThat(first.at("/choices/0/delta/tool_calls/0/index").asInt()).isZero();
    assertThat(first.at("/choices/0/delta/tool_calls/1/index").asInt()).isOne();
    assertThat(first.at("/choices/0/delta/tool_calls/1/function/arguments").asText())
        .isEqualTo("{\"x\":1}");
    assertThat(first.at("/choices/0/delta/refusal").asText()).isEqualTo("no");
    assertThat(first.at("/choices/0/logprobs/content").isArray()).isTrue();
    assertThat(first.at("/system_fingerprint").asText()).isEqualTo("fp");
  }

  @RepeatedTest(20)
  void shouldMakeTheSameTextWhenPutTogether() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      choices.add(new Choice(i, Message.assistant(text(random)), "stop", Map.of()));
    }
    Completion completion = new Completion("c", "m", 7, choices, Usage.NONE, Map.of());

    List<JsonNode> chunks = trees(ChatChunks.of(completion));

    for (Choice choice : choices) {
      List<String> pieces =
          chunks.stream()
              .map(chunk -> chunk.at("/choices/0"))
              .filter(each -> each.path("index").asInt() == choice.index())
              .map(each -> each.at("/delta/content").asText())
              .toList();
      assertThat(String.join("", pieces)).as("seed %d", seed).isEqualTo(choice.message().text());
      assertThat(pieces)
          .as("seed %d", seed)
          .allMatch(piece -> piece.length() <= ChatChunks.MAX_TEXT_CHARACTERS)
          .noneMatch(piece -> !piece.isEmpty() && Character.isLowSurrogate(piece.charAt(0)));
    }
  }

  @Test
  void shouldSayWhetherUsageIsWanted() {
    assertThat(ChatChunks.wantsUsage(Map.of())).isFalse();
    assertThat(ChatChunks.wantsUsage(Map.of("stream_options", "{}"))).isFalse();
    assertThat(ChatChunks.wantsUsage(Map.of("stream_options", "{\"include_usage\":true}")))
        .isTrue();
    assertThat(ChatChunks.wantsUsage(Map.of("stream_options", "nonsense"))).isFalse();
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(3 * ChatChunks.MAX_TEXT_CHARACTERS))
        .map(i -> random.nextInt(3) == 0 ? 0x1F600 : 'a')
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static List<JsonNode> trees(List<String> chunks) {
    return chunks.stream().map(ChatChunksTest::tree).toList();
  }

  private static JsonNode tree(String chunk) {
    try {
      return JSON.readTree(chunk);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(chunk, e);
    }
  }
}
