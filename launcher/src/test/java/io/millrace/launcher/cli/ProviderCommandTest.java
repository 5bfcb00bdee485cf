package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers on the command line, where no pipeline runs. */
class ProviderCommandTest {

  private static final String TWO =
      """
      providers:
        local: {type: simulated, latency_ms: 0, models: [small, big]}
        open: {type: simulated, latency_ms: 0}
      """;

  @TempDir private Path folder;

  @Test
  void shouldListWhatTheConfigurationSaysWhenNoPipelineRuns() throws IOException {
    CommandRun run = command(TWO, "list");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("no pipeline found");
    assertThat(run.out()).contains("local", "simulated", "small", "big", "(any)");
    JsonNode rows = new ObjectMapper().readTree(command(TWO, "list", "--json").out());
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).get("model").asText()).isEqualTo("big");
    assertThat(rows.get(0).get("blocked").asBoolean()).isFalse();
    assertThat(new ObjectMapper().readTree(command(TWO, "show", "open").out())).hasSize(1);
  }

  @Test
  void shouldTestAProviderWithoutKeys() throws IOException {
    assertThat(command(TWO, "test", "local"))
        .satisfies(run -> assertThat(run.exitCode()).as(run.err()).isZero())
        .satisfies(run -> assertThat(run.out()).contains("(none)", "ok", "200"));
    assertThat(command(TWO, "test", "open").exitCode()).isZero();
  }

  @Test
  void shouldTestEachKeyAndNeverShowOne() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String key = exchange.getRequestHeaders().getFirst("Authorization");
          boolean good = "Bearer sk-good-1".equals(key);
          byte[] body =
              (good
                      ? "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"ok\"}}]}"
                      : "{\"error\":{\"message\":\"wrong key: sk-wrong-2\"}}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(good ? 200 : 401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String configuration =
          """
          providers:
            far:
              type: openai
              base_url: http://127.0.0.1:%d/v1
              models: [m, n]
              keys:
                - {name: first, value: sk-good-1}
                - {name: second, value: sk-wrong-2}
                - {name: third, value: sk-wrong-3, models: [n]}
          """
              .formatted(server.getAddress().getPort());
      CommandRun run = command(configuration, "test", "far", "--json");
      assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
      JsonNode trials = new ObjectMapper().readTree(run.out());
      assertThat(trials).hasSize(2);
      assertThat(trials.get(0).get("succeeded").asBoolean()).isTrue();
      assertThat(trials.get(0).get("http_status").asInt()).isEqualTo(200);
      assertThat(trials.get(1).get("key").asText()).isEqualTo("second");
      assertThat(trials.get(1).get("http_status").asInt()).isEqualTo(401);
      String shown = run.out() + run.err() + command(configuration, "test", "far").out();
      assertThat(shown).contains("first", "second").doesNotContain("sk-");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldSayWhatIsMissing() throws IOException {
    assertThat(command(TWO).err()).contains("say which: block, list, show, test, unblock");
    assertThat(command(TWO, "block", "locl").err())
        .contains("the configuration has no provider 'locl'", "local");
    assertThat(command(TWO, "block", "local/bigg").err())
        .contains("provider local has no model 'bigg'", "big");
    assertThat(command(TWO, "unblock", "/x").err()).contains("expected NAME or NAME/MODEL");
    assertThat(command(TWO, "block", "local").err()).contains("no pipeline found");
    assertThat(command(TWO, "test", "local/big").err()).contains("--model");
    assertThat(command("providers: {far: {type: openai, keys: [{value: k}]}}", "test", "far").err())
        .contains("say which with --model");
  }

  private CommandRun command(String configuration, String... arguments) throws IOException {
    Path file = Files.writeString(folder.resolve("millrace.yaml"), configuration);
    List<String> all = new ArrayList<>(List.of("provider"));
    all.addAll(List.of(arguments));
    if (arguments.length > 0) {
      all.addAll(
          List.of("--config", file.toString(), "--data-dir", folder.resolve("data").toString()));
    }
    return CommandRun.of(all.toArray(String[]::new));
  }
}
