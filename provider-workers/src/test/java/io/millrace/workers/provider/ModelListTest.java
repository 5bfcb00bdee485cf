package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.tck.ScriptedServer;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists as the providers' documentation has them. */
class ModelListTest {

  private static List<ModelInfo> read(String models) throws InvalidBodyException {
    byte[] body =
        ("{\"object\":\"list\",\"data\":[" + models + "]}").getBytes(StandardCharsets.UTF_8);
    return ModelList.read(ChatCompletions.parse(body));
  }

  @Test
  void shouldReadWhatOpenRouterSays() throws Exception {
    List<ModelInfo> models =
        read(
            """
            {"id":"org/one","context_length":128000,
             "architecture":{"input_modalities":["text","image"],"output_modalities":["text"]},
             "top_provider":{"context_length":128000,"max_completion_tokens":16384}},
            {"id":"org/text","architecture":{"input_modalities":["text"],"output_modalities":["text"]}},
            {"id":"org/paints","architecture":{"input_modalities":["text"],"output_modalities":["image"]}}
            """);
    assertThat(models).extracting(ModelInfo::name).containsExactly("org/one", "org/text");
    assertThat(models).extracting(ModelInfo::vision).containsExactly(true, false);
    assertThat(models.getFirst().maxTokens()).isEqualTo(128_000);
    assertThat(models.getFirst().maxOutputTokens()).isEqualTo(16_384);
  }

  @Test
  void shouldReadWhatOthersSay() throws Exception {
    List<ModelInfo> models =
        read(
            """
            {"id":"mistral-a","capabilities":{"completion_chat":true,"vision":false},"max_context_length":32768},
            {"id":"mistral-embed","capabilities":{"completion_chat":false}},
            {"id":"groq-a","active":true,"context_window":131072,"max_completion_tokens":65536},
            {"id":"groq-b","active":false},
            {"id":"claude-a","type":"model","max_input_tokens":200000,"max_tokens":64000,
             "capabilities":{"image_input":{"supported":true}}},
            {"id":"vllm-a","max_model_len":8192},
            {"id":"hf-a","architecture":{"input_modalities":["text"],"output_modalities":["text"]},
             "providers":[{"context_length":4096},{"context_length":32768}]},
            {"name":"no id"}
            """);
    assertThat(models)
        .extracting(ModelInfo::name)
        .containsExactly("mistral-a", "groq-a", "claude-a", "vllm-a", "hf-a");
    assertThat(models)
        .extracting(ModelInfo::maxTokens)
        .containsExactly(32_768L, 131_072L, null, 8_192L, 32_768L);
    assertThat(models)
        .extracting(ModelInfo::vision)
        .containsExactly(false, true, true, true, false);
    assertThat(models.get(2).maxInputTokens()).isEqualTo(200_000);
    assertThat(models.get(2).maxOutputTokens()).isEqualTo(64_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-5.2",
        "gpt-4o",
        "o4-mini",
        "chatgpt-4o-latest",
        "llama3.2:latest",
        "openai/gpt-oss-120b",
        "claude-opus-5-5",
        "guardian-of-names",
        "qwen3-32b",
        "Qwen/Qwen3-235B-A22B-Instruct-2507",
        "gemini-2.5-pro"
      })
  void shouldKeepModelsThatChat(String name) throws Exception {
    assertThat(read("{\"id\":\"%s\"}".formatted(name))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text-embedding-3-small",
        "whisper-large-v3",
        "tts-1-hd",
        "dall-e-3",
        "gpt-image-1",
        "omni-moderation-latest",
        "gpt-4o-realtime-preview",
        "gpt-4o-transcribe",
        "sora-2",
        "gpt-audio",
        "gpt-5-pro",
        "gpt-5.2-pro-2025-12-11",
        "o3-pro",
        "o4-mini-deep-research",
        "gpt-3.5-turbo-instruct",
        "openai/gpt-oss-safeguard-20b",
        "mistral-ocr-latest",
        "nomic-embed-text:latest"
      })
  void shouldLeaveOutModelsOfOtherKinds(String name) throws Exception {
    assertThat(read("{\"id\":\"%s\"}".formatted(name))).isEmpty();
  }

  @Test
  void shouldRefuseWhatIsNoList() {
    assertThatThrownBy(
            () -> ModelList.read(ChatCompletions.parse("{}".getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(InvalidBodyException.class)
        .hasMessageContaining("data");
  }

  @ParameterizedTest
  @CsvSource({
    "openai, /v1/models",
    "openrouter, /v1/models",
    "anthropic, /v1/models?limit=1000",
    "mistral, /v1/models"
  })
  void shouldAskWhereTheListIs(String type, String path) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", "{\"data\":[{\"id\":\"m\"}]}");
        Provider provider = ProviderTypesTest.provider(type, server.baseUrl(), Map.of())) {
      assertThat(ask(provider)).hasValueSatisfying(list -> assertThat(list).hasSize(1));
      assertThat(server.requests().getFirst().line()).isEqualTo("GET " + path + " HTTP/1.1");
    }
  }

  @Test
  void shouldSayNothingWhereThereIsNoAnswer() throws Exception {
    for (String body : List.of("<html>", "{\"data\":[]}", "{\"data\":{}}")) {
      try (ScriptedServer server = ScriptedServer.answering(200, "", body);
          Provider provider = ProviderTypesTest.provider("openai", server.baseUrl(), Map.of())) {
        assertThat(ask(provider)).isEmpty();
      }
    }
    try (ScriptedServer server = ScriptedServer.answering(401, "", "");
        Provider provider = ProviderTypesTest.provider("openai", server.baseUrl(), Map.of())) {
      assertThat(ask(provider)).isEmpty();
      assertThat(provider.askForModels(new HealthRequest("bad\nkey", Duration.ofSeconds(5))))
          .isEmpty();
    }
  }

  private static Optional<List<ModelInfo>> ask(Provider provider) throws InterruptedException {
    return provider.askForModels(new HealthRequest("k", Duration.ofSeconds(10)));
  }

  @Test
  void shouldHaveNoListWhereDeploymentsHaveNamesOfTheirOwn() throws Exception {
    try (Provider provider =
        new AzureProviderFactory().create("azure", Map.of("base_url", "http://127.0.0.1:1"))) {
      assertThat(ask(provider)).isEmpty();
    }
  }
}
