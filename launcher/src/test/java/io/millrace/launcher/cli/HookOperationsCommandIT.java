package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A hook's state shown and changed with the command and over HTTP, in a pipeline that runs. */
@ResourceLock(value = "logging", mode = ResourceAccessMode.READ)
class HookOperationsCommandIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PLUGIN =
      """
      package tally;

      import io.millrace.plugin.hook.*;
      import io.millrace.plugin.model.CompletionRequest;
      import java.util.Map;

      public final class TallyFactory implements HookFactory {
        @Override
        public HookDescriptor descriptor() {
          return HookDescriptor.of("tally", "Counts.").stateBy(Scope.TENANT).build();
        }

        @Override
        public Hook create(Map<String, Object> config, HookEnvironment environment) {
          return new Hook() {
            @Override
            public PreHookResult preHook(CompletionRequest request, HookContext context) {
              context.state().put("n", new byte[] {(byte) (count(context.state()) + 1)});
              return PreHookResult.proceed(request);
            }

            @Override
            public String operate(Operation operation, OperationContext context) {
              switch (operation.name()) {
                case "show": break;
                case "clear": case "reset": context.state().delete("n"); break;
                case "set":
                  byte wanted = Byte.parseByte(operation.arguments().getOrDefault("to", ""));
                  context.state().put("n", new byte[] {wanted});
                  break;
                default: throw new IllegalArgumentException("it knows show, reset and set");
              }
              int n = count(context.state());
              return "{\\"tenant\\":\\"" + context.scopeKey() + "\\",\\"requests\\":" + n
                  + ",\\"windows\\":[{\\"name\\":\\"day\\",\\"used\\":" + n + "}]}";
            }
          };
        }

        private static int count(KeyedState state) {
          byte[] n = state.get("n");
          return n == null ? 0 : n[0];
        }
      }
      """;

  @TempDir private Path folder;
  private final int port = FreePorts.next();
  private Path configuration;
  private LocalPipeline pipeline;

  @BeforeEach
  void start() throws IOException {
    Path source = Files.createDirectories(folder.resolve("tally/tally"));
    Files.writeString(source.resolve("TallyFactory.java"), PLUGIN);
    configuration =
        Files.writeString(
            folder.resolve("millrace.yaml"),
            """
            plugins:
              - name: tally
                source: %s
            operations: {port: %d}
            """
                .formatted(folder.resolve("tally"), port));
    pipeline =
        LocalPipeline.start(
            LocalPipelineConfig.onFreePorts(
                new ConfigLoader(Map.of()).load(configuration).config(), folder.resolve("data")),
            step -> {});
  }

  @AfterEach
  void stop() {
    pipeline.close();
  }

  @Test
  void shouldShowAndChangeWhatAHookKeeps() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      ask(http);
      ask(http);
      overHttp(http);
      withTheCommand();
      faultsOverHttp(http);
    }
  }

  private void overHttp(HttpClient http) throws Exception {
    HttpResponse<String> shown = get(http, "/admin/hooks/tally/state?key=default");
    assertThat(shown.statusCode()).as(shown.body()).isEqualTo(200);
    assertThat(JSON.readTree(shown.body()).get("requests").asInt()).isEqualTo(2);
    HttpResponse<String> set =
        post(http, "/admin/hooks/tally/operations/set?key=team%20a", "{\"to\": \"41\"}");
    assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    assertThat(JSON.readTree(get(http, "/admin/hooks/tally/state?key=team+a").body()))
        .isEqualTo(JSON.readTree(set.body()));
    assertThat(set.body()).contains("\"requests\":41", "\"tenant\":\"team a\"");
  }

  private void withTheCommand() throws Exception {
    CommandRun shown = run("hook", "operate", "tally", "show", "--key", "default");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(shown.out())
        .contains("tenant: default", "requests: 2", "windows:", "name", "used", "day");
    CommandRun changed =
        run("hook", "operate", "tally", "set", "--key", "default", "--arg", "to=7", "--json");
    assertThat(changed.exitCode()).as(changed.err()).isZero();
    JsonNode answer = JSON.readTree(changed.out());
    assertThat(answer.at("/windows/0/used").asInt()).isEqualTo(7);

    assertThat(run("limits", "show", "default", "--hook", "tally").out()).contains("requests: 7");
    assertThat(run("budgets", "reset", "default", "--hook", "tally").out()).contains("requests: 0");
    assertThat(run("cache", "clear", "team a", "--hook", "tally").out()).contains("requests: 0");

    CommandRun wrong = run("hook", "operate", "tally", "explode", "--key", "default");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).isEqualTo("millrace: hook 'tally': it knows show, reset and set\n");
    CommandRun unknown = run("limits", "show", "default");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err())
        .isEqualTo("millrace: there is no hook 'rate-limit'; hooks that run: tally\n");
  }

  private void faultsOverHttp(HttpClient http) throws Exception {
    expect(get(http, "/admin/hooks/tally/state"), 400, "?key=TENANT");
    expect(get(http, "/admin/hooks/nobody/state?key=a"), 400, "hooks that run: tally");
    expect(get(http, "/admin/hooks/tally"), 404, "there is GET /admin/hooks/HOOK/state");
    expect(post(http, "/admin/hooks/tally/state?key=a", ""), 405, "this takes GET");
    String set = "/admin/hooks/tally/operations/set?key=a";
    expect(get(http, set), 405, "this takes POST");
    expect(post(http, set, "["), 400, "the body is no JSON");
    expect(post(http, set, "[]"), 400, "must be an object of strings");
    expect(post(http, set, "{\"to\": 5}"), 400, "argument 'to' must be a string");
    expect(post(http, set, " ".repeat(300_000)), 413, "at most 262144 bytes");
    expect(post(http, "/admin/hooks/tally/operations/SET?key=a", ""), 400, "lower case");
    expect(post(http, set, "{\"to\": \"many\"}"), 400, "hook 'tally'");
  }

  private static void expect(HttpResponse<String> answer, int status, String message)
      throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(JSON.readTree(answer.body()).at("/error/message").asText()).contains(message);
  }

  private CommandRun run(String... arguments) {
    return CommandRun.against(pipeline.connection(), configuration, arguments);
  }

  private void ask(HttpClient http) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    pipeline.httpAddress().orElseThrow().resolve("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<String> get(HttpClient http, String path) throws Exception {
    return http.send(HttpRequest.newBuilder(admin(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(HttpClient http, String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(admin(path)).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private URI admin(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
