package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenAiEmbeddingsTest {

  @Test
  void shouldAskForBase64WhateverTheCallerWants() throws Exception {
    ProviderRequest request = request("one", "two");

    assertThat(json(OpenAiEmbeddings.body(request).toString()))
        .isEqualTo(
            json(
                """
                {"model":"text-embedding-3-small","input":["one","two"],"dimensions":2,
                 "user":"u","encoding_format":"base64"}
                """));
  }

  @Test
  void shouldReadNumbersAndBase64InAnyOrder() throws Exception {
    String base64 = Embeddings.encoded(new float[] {3, 4});
    Completion answer =
        read(
            """
            {"object":"list","model":"m","usage":{"prompt_tokens":5,"total_tokens":5},"data":[
             {"object":"embedding","index":1,"embedding":"%s"},
             {"object":"embedding","index":0,"embedding":[1,-2.5]}]}
            """
                .formatted(base64));

    assertThat(Embeddings.in(answer)).isTrue();
    assertThat(Embeddings.vectors(answer))
        .containsExactly(new float[] {1, -2.5f}, new float[] {3, 4});
    assertThat(answer.usage().promptTokens()).isEqualTo(5);
    assertThat(answer.id()).isEqualTo("call");
    assertThat(answer.createdSeconds()).isEqualTo(7);
  }

  @Test
  void shouldRefuseAnAnswerThatIsNone() {
    assertRefused("{\"object\":\"list\",\"data\":[]}", "data must have a vector for each of 2");
    assertRefused("{\"data\":[{\"embedding\":[1]}]}", "data must have a vector for each of 2");
    assertRefused("{\"object\":\"list\"}", "data is required");
    assertRefused(
        "{\"data\":[{\"index\":1,\"embedding\":[1]},{\"index\":1,\"embedding\":[1]}]}",
        "data must have each index from 0 once, lacks 0");
    assertRefused(
        "{\"data\":[{\"embedding\":\"%%\"},{\"embedding\":[1]}]}",
        "data[0].embedding is no vector");
    assertRefused("{\"data\":[{\"embedding\":[1e99]},{\"embedding\":[1]}]}", "that is not finite");
    assertRefused(
        "{\"data\":[{\"embedding\":[true]},{\"embedding\":[1]}]}",
        "data[0].embedding[0] must be a number");
  }

  private static void assertRefused(String body, String message) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessageContaining(message);
  }

  private static Completion read(String body) throws InvalidBodyException {
    return OpenAiEmbeddings.read(json(body), request("a", "b"), () -> Instant.ofEpochSecond(7));
  }

  private static ProviderRequest request(String... texts) {
    return new ProviderRequest(
        Embeddings.request("openai/text-embedding-3-small", List.of(texts))
            .withExtra(Map.of("dimensions", "2", "user", "\"u\"", "encoding_format", "\"float\"")),
        "text-embedding-3-small",
        "call",
        null,
        Duration.ofSeconds(1));
  }

  private static JsonNode json(String text) throws InvalidBodyException {
    return ChatCompletions.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
