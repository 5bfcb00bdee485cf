package io.millrace.launcher.promises;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.millrace.launcher.pipeline.Role;
import io.millrace.launcher.promises.PipelineUnderTest.Answer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.LoggerFactory;

/**
 * No secret enters a topic, a log, a metric or an error, also when the provider tells it on (I6).
 */
// It looks at all that is logged; commands that run in this process say anew where that goes.
@ResourceLock("logging")
class SecretsIT {

  private static final String SECRET = "sk-millrace-secret-0123456789abcdef";

  @TempDir Path folder;
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  @Test
  void shouldKeepTheKeyToItselfWhenTheProviderRefusesAndRepeatsIt() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Level before = root.getLevel();
    HttpServer provider = tellTale();
    root.addAppender(log);
    root.setLevel(Level.INFO);
    try (PipelineUnderTest pipeline =
        PipelineUnderTest.start(
            folder,
            EnumSet.allOf(Role.class),
            Map.of("TELL_TALE_KEY", SECRET),
            configuration(provider.getAddress().getPort()))) {
      Answer rejected = pipeline.ask("telltale/bad-request", Duration.ofSeconds(50));
      Answer refused = pipeline.ask("telltale/m", Duration.ofSeconds(50));

      assertThat(authorizations).as("the key was used").contains("Bearer " + SECRET);
      assertThat(refused.errorCode()).isEqualTo("upstream_credentials_exhausted");
      assertThat(rejected.errorCode()).isEqualTo("upstream_rejected");
      assertThat(refused.body().toString() + rejected.body()).doesNotContain(SECRET);
      assertThat(pipeline.metrics()).contains("millrace_").doesNotContain(SECRET);
      List<String> records = pipeline.everyRecord();
      assertThat(records).anyMatch(record -> record.startsWith("millrace.attempts: "));
      assertThat(records).noneMatch(record -> record.contains(SECRET));
    } finally {
      root.setLevel(before);
      root.detachAppender(log);
      provider.stop(0);
    }
    assertThat(List.copyOf(log.list))
        .isNotEmpty()
        .noneMatch(
            event -> (event.getFormattedMessage() + event.getKeyValuePairs()).contains(SECRET));
  }

  /** A provider that repeats the key in its answer, as some do. */
  private HttpServer tellTale() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          authorizations.add(authorization);
          String asked =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] body =
              "{\"error\":{\"message\":\"Incorrect API key provided: %s\"}}"
                  .formatted(authorization)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(asked.contains("bad-request") ? 400 : 401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String configuration(int port) {
    return """
    providers:
      telltale:
        type: openai
        base_url: http://127.0.0.1:%d/v1
        key_recovery: 1s
        keys:
          - name: first
            value: env.TELL_TALE_KEY
    plugins:
      - name: logging
        source: builtin
        config: {sample: 1.0, preview_characters: 200}
    """
        .formatted(port);
  }
}
