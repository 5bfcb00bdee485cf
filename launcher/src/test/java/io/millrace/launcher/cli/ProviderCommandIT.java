package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.embedded.broker.FreePorts;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Providers blocked and unblocked in a pipeline that runs, with the command and over HTTP. */
@ResourceLock(value = "logging", mode = ResourceAccessMode.READ)
class ProviderCommandIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = FreePorts.next();
  private Path configuration;
  private LocalPipeline pipeline;

  @BeforeEach
  void start() throws IOException {
    configuration =
        Files.writeString(
            folder.resolve("millrace.yaml"),
            """
            providers:
              one: {type: simulated, latency_ms: 0}
              two: {type: simulated, latency_ms: 0, discover_models: true}
            models: {aliases: {either: [one/m, two/m]}}
            requests: {default_provider: one}
            operations: {port: %d}
            """
                .formatted(port));
    pipeline =
        LocalPipeline.start(
            LocalPipelineConfig.onFreePorts(
                new ConfigLoader(Map.of()).load(configuration).config(), folder.resolve("data")),
            step -> {});
  }

  @AfterEach
  void stop() {
    try (http) {
      pipeline.close();
    }
  }

  @Test
  void shouldCallABlockedProviderNoMoreUntilItIsUnblocked() throws Exception {
    assertThat(ask("").statusCode()).isEqualTo(200);
    CommandRun blocked = run("block", "one");
    assertThat(blocked.err()).isEmpty();
    assertThat(blocked.out()).contains("ordered: block one");
    await().atMost(PATIENCE).until(() -> ask("").statusCode() == 503);
    assertThat(ask("").body()).contains("provider_unavailable", "blocked by an operator");
    assertThat(ask("two/m").statusCode()).isEqualTo(200);
    JsonNode listed = JSON.readTree(run("list", "--json").out());
    assertThat(listed.findParents("blocked_by"))
        .allMatch(row -> row.get("provider").asText().equals("one"));
    assertThat(run("list").out()).contains("by millrace provider");
    assertThat(of("route", "explain", "--model", "either").out())
        .containsPattern("two/m +chosen")
        .contains("is blocked");

    HttpResponse<String> unblocked = admin("POST", "/one/unblock");
    assertThat(unblocked.statusCode()).as(unblocked.body()).isEqualTo(200);
    await().atMost(PATIENCE).until(() -> ask("").statusCode() == 200);
    assertThat(admin("POST", "/one/block?model=m%2Fx").body()).contains("\"m/x\"");
    await()
        .atMost(PATIENCE)
        .until(
            () -> JSON.readTree(admin("GET", "/one").body()).findParents("blocked_by").size() == 1);
    assertThat(ask("").statusCode()).isEqualTo(200);
    assertThat(admin("GET", "").body()).contains("\"one\"", "\"two\"");
    assertThat(admin("GET", "/nobody").statusCode()).isEqualTo(404);
    assertThat(admin("POST", "/nobody/block").statusCode()).isEqualTo(400);
    assertThat(admin("POST", "/one/stop").statusCode()).isEqualTo(400);
    assertThat(admin("DELETE", "/one").statusCode()).isEqualTo(405);
  }

  @Test
  void shouldSayWhereOperatorsFindWhatWhenTheyAskForSomethingElse() throws Exception {
    HttpResponse<String> index = operations("GET", "/");
    assertThat(index.statusCode()).isEqualTo(200);
    assertThat(index.body()).contains("/readyz", "/metrics", "/admin/");
    HttpResponse<String> other = operations("GET", "/v1/chat/completions");
    assertThat(other.statusCode()).isEqualTo(404);
    assertThat(other.body())
        .startsWith("there is no /v1/chat/completions here.")
        .contains("HTTP port");
    assertThat(operations("GET", "/readyz").body()).isEqualTo("ready");
  }

  @Test
  void shouldKnowTheModelsThatAProviderReports() throws Exception {
    await().atMost(PATIENCE).until(() -> models().contains("two/"));
    String id =
        JSON.readTree(models()).path("data").findValuesAsText("id").stream()
            .filter(each -> each.startsWith("two/"))
            .findFirst()
            .orElseThrow();
    String bare = id.substring("two/".length());
    await()
        .atMost(PATIENCE)
        .until(() -> of("route", "explain", "--model", bare).out().contains("target     " + id));
    assertThat(models()).contains("either").doesNotContain("*");
  }

  private String models() throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(pipeline.httpAddress().orElseThrow() + "/v1/models"))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private HttpResponse<String> ask(String fallbacks) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(pipeline.httpAddress().orElseThrow() + "/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .header("X-Millrace-Cache", "bypass")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"one/m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"));
    if (!fallbacks.isEmpty()) {
      request.header("X-Millrace-Fallbacks", fallbacks);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> admin(String method, String path)
      throws IOException, InterruptedException {
    return operations(method, "/admin/providers" + path);
  }

  private HttpResponse<String> operations(String method, String path)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private CommandRun run(String... arguments) {
    return of(Stream.concat(Stream.of("provider"), Stream.of(arguments)).toArray(String[]::new));
  }

  private CommandRun of(String... arguments) {
    return CommandRun.against(pipeline.connection(), configuration, arguments);
  }
}
