package io.millrace.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.plugin.model.Embeddings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin as it is packaged, in a whole pipeline, asked over HTTP. Needs no network. */
class EmbeddingsIT {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path PLUGIN = Path.of("target", "plugin").toAbsolutePath();

  @TempDir private static Path folder;
  private static LocalPipeline pipeline;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException {
    assertThat(PLUGIN).as("built by the package phase").isDirectory();
    Path file =
        Files.writeString(
            folder.resolve("millrace.yaml"),
            """
            plugins:
              - name: cache
              - name: onnx
                source: %s
            providers:
              local:
                type: engine
                model_files:
                  all-minilm-l6-v2:
                    resource: all-minilm-l6-v2-q.onnx
              sim:
                type: simulated
            """
                .formatted(MAPPER.writeValueAsString(PLUGIN.toString())));
    MillraceConfig settings = new ConfigLoader(Map.of()).load(file).config();
    pipeline =
        LocalPipeline.start(
            LocalPipelineConfig.onFreePorts(settings, folder.resolve("data")), step -> {});
  }

  @AfterAll
  static void stop() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  void shouldAnswerWithOneVectorForEachInput() throws Exception {
    HttpResponse<String> response =
        post(
            "/v1/embeddings",
            """
            {"model": "all-minilm-l6-v2",
             "input": ["A cat sits on the mat.", "A kitten lies on a rug.", "Interest rates rose."]}
            """);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode body = MAPPER.readTree(response.body());
    assertThat(body.path("object").asText()).isEqualTo("list");
    assertThat(body.path("data").size()).isEqualTo(3);
    assertThat(body.at("/data/2/index").asInt()).isEqualTo(2);
    assertThat(body.at("/data/0/embedding").size()).isEqualTo(384);
    assertThat(body.at("/usage/prompt_tokens").asInt()).isGreaterThan(10);
    assertThat(body.at("/usage/total_tokens")).isEqualTo(body.at("/usage/prompt_tokens"));
    assertThat(cosine(body, 0, 1)).isGreaterThan(0.5);
    assertThat(cosine(body, 0, 2)).isLessThan(0.2);
  }

  @Test
  void shouldWriteTheSameVectorsInBase64AndFromTheCache() throws Exception {
    String request = "{\"model\":\"local/all-minilm-l6-v2\",\"input\":\"the same\"%s}";
    JsonNode numbers = json(post("/v1/embeddings", request.formatted("")));
    HttpResponse<String> second =
        post("/v1/embeddings", request.formatted(",\"encoding_format\":\"base64\""));
    float[] vector = Embeddings.decoded(json(second).at("/data/0/embedding").asText());

    assertThat(vector).hasSize(384);
    for (int i = 0; i < vector.length; i++) {
      assertThat(numbers.at("/data/0/embedding/" + i).floatValue())
          .isCloseTo(vector[i], within(0f));
    }
    assertThat(second.headers().firstValue("x-millrace-cache")).hasValue("hit");
  }

  @Test
  void shouldListTheModelAndRefuseToChatWithIt() throws Exception {
    HttpResponse<String> models = get("/v1/models");
    assertThat(models.body()).contains("\"local/all-minilm-l6-v2\"");

    HttpResponse<String> chat =
        post(
            "/v1/chat/completions",
            "{\"model\":\"local/all-minilm-l6-v2\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    assertThat(chat.statusCode()).isEqualTo(400);
    assertThat(json(chat).at("/error/message").asText())
        .isEqualTo("model all-minilm-l6-v2 cannot be asked for chat, only for embeddings");
  }

  @Test
  void shouldTakeEmbeddingsWithoutWaiting() throws Exception {
    HttpResponse<String> accepted =
        post(
            "/v1/embeddings",
            "{\"model\":\"all-minilm-l6-v2\",\"input\":\"later\"}",
            "Prefer",
            "respond-async",
            "Idempotency-Key",
            "later");
    assertThat(accepted.statusCode()).isEqualTo(202);

    HttpResponse<String> again =
        post(
            "/v1/embeddings",
            "{\"model\":\"all-minilm-l6-v2\",\"input\":\"later\"}",
            "Idempotency-Key",
            "later");
    assertThat(json(again).at("/data/0/embedding").size()).isEqualTo(384);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(json(get("/v1/requests/later")).at("/response/data/0/embedding"))
                    .hasSize(384));
  }

  @Test
  void shouldSayWhatIsWrongWithARequest() throws Exception {
    assertThat(message("{\"model\":\"all-minilm-l6-v2\"}")).isEqualTo("input is required");
    assertThat(message("{\"model\":\"all-minilm-l6-v2\",\"input\":[]}"))
        .isEqualTo("input must have 1 to 2048 inputs, has 0");
    assertThat(message("{\"model\":\"all-minilm-l6-v2\",\"input\":[\"a\",\"\"]}"))
        .isEqualTo("input[1] must not be an empty string");
    assertThat(message("{\"model\":\"all-minilm-l6-v2\",\"input\":\"a\",\"dimensions\":7}"))
        .isEqualTo("model all-minilm-l6-v2 has vectors of 384 dimensions, not of 7");
    assertThat(message("{\"model\":\"all-minilm-l6-v2\",\"input\":[1,2]}"))
        .startsWith("input[0] is not a text");
  }

  private static String message(String request) throws Exception {
    HttpResponse<String> response = post("/v1/embeddings", request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    return json(response).at("/error/message").asText();
  }

  private static double cosine(JsonNode body, int left, int right) {
    double product = 0;
    for (int i = 0; i < 384; i++) {
      product +=
          body.at("/data/%d/embedding/%d".formatted(left, i)).asDouble()
              * body.at("/data/%d/embedding/%d".formatted(right, i)).asDouble();
    }
    return product;
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(address(path)).build());
  }

  private static HttpResponse<String> post(String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofMinutes(1))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static URI address(String path) {
    return pipeline.httpAddress().orElseThrow().resolve(path);
  }
}
