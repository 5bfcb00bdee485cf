package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.plugin.tck.CollectedChunks;
import io.millrace.plugin.tck.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What providers that resemble OpenAI do otherwise, as their documentation and users have it. */
class ProviderDialectsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SSE = "Content-Type: text/event-stream\r\n";

  private static ProviderReply call(ScriptedServer server, String type, boolean streamed)
      throws Exception {
    try (Provider provider = ProviderTypesTest.provider(type, server.baseUrl(), Map.of())) {
      return streamed
          ? provider.stream(request(), new CollectedChunks())
          : provider.complete(request());
    }
  }

  private static ProviderRequest request() {
    CompletionRequest plain = CompletionRequest.of("p/m", "hi");
    CompletionRequest request =
        new CompletionRequest(
            plain.model(),
            List.of(Message.of("developer", "Be short."), plain.messages().getFirst()),
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            7L,
            true,
            Map.of("max_completion_tokens", "9", "user", "\"u\"", "top_k", "3"));
    return new ProviderRequest(request, "m", "default/r-1#1", "k", Duration.ofSeconds(20));
  }

  private static ProviderReply.Failure failed(String type, int status, String body)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(status, "", body)) {
      ProviderReply reply = call(server, type, false);
      assertThat(reply).isInstanceOf(ProviderReply.Failure.class);
      return (ProviderReply.Failure) reply;
    }
  }

  private static String answer(String finishReason) {
    return """
    {"id":"c","object":"chat.completion","created":1,"model":"m",
     "choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"%s"}]}\
    """
        .formatted(finishReason);
  }

  @Test
  void shouldSendMistralOnlyWhatItKnows() throws Exception {
    for (boolean streamed : List.of(false, true)) {
      try (ScriptedServer server = ScriptedServer.answering(200, "", answer("stop"))) {
        call(server, "mistral", streamed);
        JsonNode body = JSON.readTree(server.requests().getFirst().body());
        assertThat(body.path("max_tokens").asInt()).isEqualTo(9);
        assertThat(body.path("random_seed").asInt()).isEqualTo(7);
        assertThat(body.at("/messages/0/role").asText()).isEqualTo("system");
        assertThat(body.path("top_k").asInt()).as("what the caller adds is passed").isEqualTo(3);
        assertThat(body.has("max_completion_tokens")).isFalse();
        assertThat(body.has("seed")).isFalse();
        assertThat(body.has("user")).isFalse();
        assertThat(body.has("stream_options")).isFalse();
      }
    }
  }

  @Test
  void shouldAskMistralForVectorsInItsWords() throws Exception {
    CompletionRequest request =
        Embeddings.request("p/m", List.of("a"))
            .withExtra(Map.of("dimensions", "8", "user", "\"u\""));
    try (ScriptedServer server = ScriptedServer.answering(200, "", "{}");
        Provider provider = ProviderTypesTest.provider("mistral", server.baseUrl(), Map.of())) {
      provider.embed(
          new ProviderRequest(request, "m", "default/r-1#1", "k", Duration.ofSeconds(20)));
      JsonNode body = JSON.readTree(server.requests().getFirst().body());
      assertThat(body.path("output_dimension").asInt()).isEqualTo(8);
      assertThat(body.has("dimensions")).isFalse();
      assertThat(body.has("user")).isFalse();
    }
  }

  @Test
  void shouldSendOthersWhatTheyWereSent() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", answer("stop"))) {
      call(server, "groq", false);
      JsonNode body = JSON.readTree(server.requests().getFirst().body());
      assertThat(body.path("max_completion_tokens").asInt()).isEqualTo(9);
      assertThat(body.path("seed").asInt()).isEqualTo(7);
      assertThat(body.at("/messages/0/role").asText()).isEqualTo("developer");
    }
  }

  @Test
  void shouldBoundTheAnswersOfOllama() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", answer("stop"))) {
      call(server, "ollama", false);
      JsonNode body = JSON.readTree(server.requests().getFirst().body());
      assertThat(body.path("max_tokens").asInt()).isEqualTo(9);
      assertThat(body.path("seed").asInt()).isEqualTo(7);
    }
  }

  @Test
  void shouldSayWhatMistralComplainsOf() throws Exception {
    String detail =
        "[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"best_of\"],\"msg\":\"Extra inputs are"
            + " not permitted\",\"input\":1}]";
    for (String body :
        List.of(
            "{\"object\":\"error\",\"message\":{\"detail\":%s},\"type\":\"invalid_request_error\",\"code\":null}"
                .formatted(detail),
            "{\"detail\":%s}".formatted(detail))) {
      ProviderReply.Failure failure = failed("mistral", 422, body);
      assertThat(failure.failure()).isEqualTo(FailureClass.REQUEST_REJECTED);
      assertThat(failure.error().message())
          .contains("body.best_of: Extra inputs are not permitted");
    }
  }

  @Test
  void shouldKnowMistralsWordForAFullContext() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", answer("model_length"))) {
      ProviderReply.Success success = (ProviderReply.Success) call(server, "mistral", false);
      assertThat(success.completion().choices().getFirst().finishReason()).isEqualTo("length");
    }
    String stream =
        """
        data: {"id":"c","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":"model_length"}]}

        data: [DONE]

        """;
    try (ScriptedServer server = ScriptedServer.answering(200, SSE, stream)) {
      ProviderReply.Success success = (ProviderReply.Success) call(server, "mistral", true);
      assertThat(success.completion().choices().getFirst().finishReason()).isEqualTo("length");
    }
  }

  @Test
  void shouldFailWhereAChoiceDid() throws Exception {
    String openRouter =
        """
        {"id":"c","choices":[{"error":{"code":502,"message":"Provider returned error"},
         "message":{"role":"assistant","content":""},"finish_reason":"error"}]}\
        """;
    assertThat(failed("openrouter", 200, openRouter).failure())
        .isEqualTo(FailureClass.SERVER_ERROR);
    assertThat(failed("openrouter", 200, openRouter).error().message())
        .contains("Provider returned error");
    assertThat(failed("mistral", 200, answer("error")).failure())
        .isEqualTo(FailureClass.SERVER_ERROR);
    String stream =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},"
            + "\"finish_reason\":\"error\"}],\"error\":{\"code\":429,\"message\":\"slow\"}}\n\n";
    try (ScriptedServer server = ScriptedServer.answering(200, SSE, stream)) {
      ProviderReply reply = call(server, "openrouter", true);
      assertThat(((ProviderReply.Failure) reply).failure()).isEqualTo(FailureClass.RATE_LIMITED);
    }
  }

  @Test
  void shouldNotBlameTheKeyForATextThatModerationFlags() throws Exception {
    ProviderReply.Failure flagged =
        failed(
            "openrouter",
            403,
            """
            {"error":{"code":403,"message":"Your chosen model requires moderation and your input was flagged",
             "metadata":{"reasons":["violence"],"flagged_input":"...","provider_name":"p"}}}\
            """);
    assertThat(flagged.failure()).isEqualTo(FailureClass.REQUEST_REJECTED);
    assertThat(failed("openrouter", 403, "{\"error\":{\"code\":403}}").failure())
        .isEqualTo(FailureClass.KEY_REJECTED);
  }

  @Test
  void shouldTryAgainWhereGroqHasNoCapacity() throws Exception {
    assertThat(failed("groq", 498, "{\"error\":{\"message\":\"capacity\"}}").failure())
        .isEqualTo(FailureClass.SERVER_ERROR);
  }
}
