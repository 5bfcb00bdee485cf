package io.millrace.schemas.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkContentTest {

  private static String withChoice(String choice) {
    return """
    {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","usage":null,"choices":[%s]}\
    """
        .formatted(choice);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"index\":0,\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}",
        "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}}",
        "{\"index\":0,\"delta\":{},\"logprobs\":null}",
        "{\"index\":0,\"delta\":{\"content\":null,\"tool_calls\":[]}}",
        "{\"index\":1,\"delta\":{\"content\":\"\"},\"content_filter_results\":{\"hate\":{}}}",
      })
  void shouldShowNothingWithARoleAtMost(String choice) {
    assertThat(ChunkContent.isBare(withChoice(choice))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"index\":0,\"delta\":{\"content\":\" \"}}",
        "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"a\"}}",
        "{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\"}}",
        "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\"}]}}",
        "{\"index\":0,\"delta\":{\"refusal\":\"no\"}}",
        "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}",
        "{\"index\":0,\"text\":\"legacy\"}",
        "{\"index\":0,\"delta\":\"odd\"}",
        "7",
        "{\"index\":0,\"delta\":{}},{\"index\":1,\"delta\":{\"content\":\"b\"}}",
      })
  void shouldShowSomethingWithAnythingElse(String choice) {
    assertThat(ChunkContent.isBare(withChoice(choice))).isFalse();
  }

  @Test
  void shouldShowNothingWithoutChoicesUnlessItIsUsageOrAnError() {
    assertThat(ChunkContent.isBare("{\"choices\":[],\"prompt_filter_results\":[{}]}")).isTrue();
    assertThat(ChunkContent.isBare("{\"choices\":[],\"usage\":{\"total_tokens\":1}}")).isFalse();
    assertThat(ChunkContent.isBare("{\"choices\":[],\"error\":{\"message\":\"no\"}}")).isFalse();
    assertThat(ChunkContent.isBare("{\"object\":\"else\"}")).isFalse();
    assertThat(ChunkContent.isBare("no JSON")).isFalse();
  }
}
