package io.millrace.schemas.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergedTextTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static String piece(String text) {
    return piece(0, text, "");
  }

  private static String piece(int index, String text, String more) {
    return """
    {"id":"c","created":7,"model":"m","usage":null%s,"choices":[{"index":%d,"delta":{"content":"%s"},\
    "logprobs":null,"finish_reason":null}]}\
    """
        .formatted(more, index, text);
  }

  @Test
  void shouldJoinTheTextOfNeighbours() throws Exception {
    MergedText merged = MergedText.of(piece("one ")).orElseThrow();
    assertThat(merged.json()).isEqualTo(piece("one "));
    assertThat(merged.add(piece("two\\n"))).isTrue();
    assertThat(merged.add(piece("\\u00e4\\ud83d\\ude00"))).isTrue();
    assertThat(JSON.readTree(merged.json()))
        .isEqualTo(JSON.readTree(piece("one two\\n\\u00e4\\ud83d\\ude00")));
  }

  @Test
  void shouldTakeHalvesOfACharacterTogether() throws Exception {
    MergedText merged = MergedText.of(piece("\\ud83d")).orElseThrow();
    assertThat(merged.add(piece("\\ude00"))).isTrue();
    assertThat(JSON.readTree(merged.json()).at("/choices/0/delta/content").asText())
        .isEqualTo("\ud83d\ude00");
  }

  @Test
  void shouldKeepTheRoleAndNumbersOfTheFirstAndLosePadding() throws Exception {
    String first =
        piece(0, "a", ",\"p\":1.10,\"obfuscation\":\"xyz\"")
            .replace("{\"content\"", "{\"role\":\"assistant\",\"content\"");
    MergedText merged = MergedText.of(first).orElseThrow();
    String next = piece(0, "b", ",\"p\":1.10,\"obfuscation\":\"q\"").replace(":7,", ":8,");
    assertThat(merged.add(next)).isTrue();
    assertThat(merged.json())
        .contains("\"role\":\"assistant\",\"content\":\"ab\"", "\"p\":1.10", "\"created\":7")
        .doesNotContain("obfuscation");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "{}",
        "{\"choices\":[]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":null}}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"tool_calls\":[{}]}}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"logprobs\":{}}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":{}}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}},{\"index\":1,\"delta\":{}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
      })
  void shouldMergeNothingButTextOfOneChoice(String other) {
    assertThat(MergedText.of(other)).isEmpty();
    assertThat(MergedText.of(piece("a")).orElseThrow().add(other)).isFalse();
  }

  @Test
  void shouldNotMergeWhatDiffersInMoreThanItsText() {
    MergedText merged = MergedText.of(piece("a")).orElseThrow();
    for (String other :
        List.of(
            piece(1, "b", ""),
            piece(0, "b", ",\"service_tier\":\"flex\""),
            piece("b").replace("\"id\":\"c\"", "\"id\":\"d\""))) {
      assertThat(merged.add(other)).isFalse();
    }
    assertThat(merged.json()).isEqualTo(piece("a"));
  }

  @Test
  void shouldNotGrowBeyondItsBound() {
    MergedText merged = MergedText.of(piece("x".repeat(4_000))).orElseThrow();
    assertThat(merged.add(piece("y".repeat(96)))).isTrue();
    assertThat(merged.add(piece("z"))).isFalse();
    assertThat(MergedText.of(piece("x".repeat(4_096)))).isEmpty();
  }
}
