package io.millrace.launcher.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.embedded.broker.EmbeddedBrokerException;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPipelineIT {

  private static final MillraceConfig SETTINGS = new ConfigLoader(Map.of()).withoutFile().config();

  @TempDir private Path folder;

  @Test
  void shouldAnswerAndKeepTheAnswerWhenRestarted() throws Exception {
    LocalPipelineConfig config = LocalPipelineConfig.onFreePorts(SETTINGS, folder);
    List<String> steps = new ArrayList<>();
    String location;
    try (LocalPipeline pipeline = LocalPipeline.start(config, steps::add)) {
      HttpResponse<String> answer = ask(pipeline, "first");
      assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
      JsonNode body = new ObjectMapper().readTree(answer.body());
      assertThat(body.at("/choices/0/message/content").asText()).isNotEmpty();
      location = "/v1/requests/first";
      assertThat(pipeline.failure()).isEmpty();
      assertThatThrownBy(() -> LocalPipeline.start(config, step -> {}).close())
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContaining("in use by another broker");
    }
    assertThat(steps).first().isEqualTo("starting the broker");
    try (LocalPipeline pipeline = LocalPipeline.start(config, step -> {})) {
      HttpResponse<String> kept = get(pipeline, location);
      assertThat(kept.statusCode()).describedAs(kept.body()).isEqualTo(200);
      assertThat(kept.body()).contains("first");
    }
  }

  private static HttpResponse<String> ask(LocalPipeline pipeline, String id) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(pipeline, "/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", id)
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
            .build());
  }

  private static HttpResponse<String> get(LocalPipeline pipeline, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(pipeline, path)).GET().build());
  }

  private static URI uri(LocalPipeline pipeline, String path) {
    return pipeline.httpAddress().orElseThrow().resolve(path);
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }
}
