package io.millrace.launcher.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.embedded.broker.FreePorts;
import io.millrace.launcher.cli.Main;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** All examples at work in one pipeline, from the configuration that lies beside them. */
@ResourceLock(value = "logging", mode = ResourceAccessMode.READ)
class ExamplePluginsIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private final int operationsPort = FreePorts.next();

  @Test
  void shouldRunEveryExample() throws Exception {
    try (LocalPipeline pipeline =
            LocalPipeline.start(
                LocalPipelineConfig.onFreePorts(settings(), folder.resolve("data")), step -> {});
        HttpClient client = HttpClient.newHttpClient()) {
      URI http = pipeline.httpAddress().orElseThrow();

      HttpResponse<String> answer = ask(client, http, "echo/one", "Hello there");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      JsonNode body = JSON.readTree(answer.body());
      assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("Hello there");
      assertThat(body.get("processing_ms").asLong()).isGreaterThanOrEqualTo(5);

      HttpResponse<String> banned = ask(client, http, "echo/one", "tell me a secret");
      assertThat(banned.statusCode()).isEqualTo(422);
      assertThat(banned.body()).contains("banned_words");

      HttpResponse<String> failed = ask(client, http, "echo/one", "fail: as asked");
      assertThat(failed.body()).contains("echo was asked to fail: as asked");

      Set<String> models = new TreeSet<>();
      for (int i = 0; i < 40; i++) {
        models.add(
            JSON.readTree(ask(client, http, "auto", "number " + i).body()).get("model").asText());
      }
      assertThat(models).contains("one", "two");
      assertThat(pipeline.failure()).isEmpty();
      switchOff(client, http, pipeline.connection());
    }
  }

  private void switchOff(HttpClient client, URI http, KafkaConnection connection) throws Exception {
    JsonNode before = bannedWords(client);
    assertThat(before.get("enabled").asBoolean()).isTrue();
    assertThat(before.at("/pre_hook/calls").asLong()).isGreaterThanOrEqualTo(43);
    assertThat(before.get("short_circuits").asLong()).isEqualTo(1);
    StringWriter out = new StringWriter();
    int exit =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute(
                "plugin",
                "disable",
                "banned-words",
                "--config",
                folder.resolve("millrace.yaml").toString(),
                "--bootstrap-servers",
                connection.bootstrapServers(),
                "--schema-registry",
                connection.schemaRegistryUrl());
    assertThat(exit).isZero();
    assertThat(out.toString()).contains("ordered: disable banned-words");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !bannedWords(client).get("enabled").asBoolean());
    assertThat(ask(client, http, "echo/one", "tell me another secret").statusCode()).isEqualTo(200);
  }

  private JsonNode bannedWords(HttpClient client) throws Exception {
    URI admin = URI.create("http://127.0.0.1:%d/admin/plugins".formatted(operationsPort));
    String body =
        client.send(HttpRequest.newBuilder(admin).build(), BodyHandlers.ofString()).body();
    List<String> names = new ArrayList<>();
    JsonNode found = JSON.missingNode();
    for (JsonNode hook : JSON.readTree(body).get("plugins")) {
      names.add(hook.get("name").asText());
      found = hook.get("name").asText().equals("banned-words") ? hook : found;
    }
    assertThat(names)
        .containsExactly(
            "logging", "metrics", "answer-time", "banned-words", "weighted", "echo", "spend-watch");
    return found;
  }

  private MillraceConfig settings() throws IOException {
    String text = Files.readString(Example.FOLDER.resolve("millrace.yaml"));
    Path file =
        Files.writeString(
            folder.resolve("millrace.yaml"),
            text.replace("examples/plugins/", Example.FOLDER + "/")
                + "operations: {port: %d}\n".formatted(operationsPort));
    return new ConfigLoader(Map.of()).load(file).config();
  }

  private static HttpResponse<String> ask(HttpClient client, URI http, String model, String prompt)
      throws Exception {
    String body =
        JSON.writeValueAsString(
            Map.of(
                "model",
                model,
                "messages",
                new Object[] {Map.of("role", "user", "content", prompt)}));
    return client.send(
        HttpRequest.newBuilder(http.resolve("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
