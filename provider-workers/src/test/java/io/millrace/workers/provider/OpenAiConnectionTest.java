package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.embedded.broker.FreePorts;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.tck.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of a call where the connection, or the server behind it, misbehaves. */
class OpenAiConnectionTest extends OpenAiFixture {

  @Test
  void shouldKeepTheConnectionOpen() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", COMPLETION);
        Provider provider = provider(server, Map.of())) {
      for (int i = 0; i < 5; i++) {
        assertThat(provider.complete(request(KEY, Duration.ofSeconds(10))))
            .isInstanceOf(ProviderReply.Success.class);
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void shouldRefuseABodyPastTheBound() throws Exception {
    String long_ = COMPLETION.replace("hello", "x".repeat(5_000));
    try (ScriptedServer server = ScriptedServer.answering(200, "", long_)) {
      ProviderReply.Failure reply = failure(call(server, Map.of("max_response_bytes", 2_000)));
      assertThat(reply.failure()).isEqualTo(FailureClass.INVALID_RESPONSE);
      assertThat(reply.error().message()).contains("longer than 2000 bytes");
    }
  }

  @Test
  void shouldNotFollowARedirect() throws Exception {
    try (ScriptedServer thief = ScriptedServer.answering(200, "", COMPLETION);
        ScriptedServer server =
            ScriptedServer.answering(307, "Location: " + thief.baseUrl() + "\r\n", "")) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.error().message()).contains("redirects", "base_url");
      assertThat(thief.requests()).isEmpty();
    }
  }

  @Test
  void shouldCallItAConnectionFaultWhenNobodyListens() throws Exception {
    try (Provider provider =
        new OpenAiProviderFactory()
            .create("openai", Map.of("base_url", "http://127.0.0.1:" + FreePorts.next()))) {
      ProviderReply.Failure reply =
          failure(provider.complete(request(KEY, Duration.ofSeconds(10))));
      assertThat(reply.failure()).isEqualTo(FailureClass.CONNECTION);
      assertThat(reply.error().code()).isEqualTo("upstream_unreachable");
      assertThat(reply.httpStatus()).isNull();
    }
  }

  @Test
  void shouldCallItAConnectionFaultWhenTheServerHangsUpAtOnce() throws Exception {
    assertConnectionFault(
        (request, out) -> {
          throw new IOException("hang up");
        });
  }

  @Test
  void shouldCallItAConnectionFaultWhenTheServerHangsUpWithinTheBody() throws Exception {
    assertConnectionFault(
        (request, out) -> {
          byte[] whole = ScriptedServer.response(200, "", COMPLETION);
          out.write(whole, 0, whole.length - 10);
          out.flush();
          throw new IOException("hang up");
        });
  }

  @Test
  void shouldCallItAConnectionFaultWhenTheAnswerIsNotHttp() throws Exception {
    assertConnectionFault(
        (request, out) -> {
          out.write("SSH-2.0-OpenSSH\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
          throw new IOException("hang up");
        });
  }

  @Test
  void shouldTimeOutWhenTheServerSaysNothing() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.answering((request, out) -> never.await());
        Provider provider = provider(server, Map.of())) {
      assertTimesOut(provider);
    }
  }

  @Test
  void shouldTimeOutWhenTheBodyDripsInTooSlowly() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.answering(
                (request, out) -> {
                  for (byte next : ScriptedServer.response(200, "", COMPLETION)) {
                    out.write(next);
                    out.flush();
                    if (never.await(20, TimeUnit.MILLISECONDS)) {
                      return;
                    }
                  }
                });
        Provider provider = provider(server, Map.of())) {
      assertTimesOut(provider);
    }
  }

  @Test
  void shouldGiveUpWhenInterrupted() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.answering((request, out) -> never.await());
        Provider provider = provider(server, Map.of())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> provider.complete(request(KEY, Duration.ofSeconds(30))))
          .isInstanceOf(InterruptedException.class);
    }
  }

  private static void assertConnectionFault(ScriptedServer.Answer answer) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(answer)) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.failure()).isEqualTo(FailureClass.CONNECTION);
      assertThat(reply.error().code()).isEqualTo("upstream_unreachable");
    }
  }

  private static void assertTimesOut(Provider provider) throws InterruptedException {
    long start = System.nanoTime();
    ProviderReply.Failure reply = failure(provider.complete(request(KEY, Duration.ofMillis(300))));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(300), Duration.ofSeconds(20));
    assertThat(reply.failure()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(reply.error().code()).isEqualTo("upstream_timeout");
    assertThat(reply.error().message()).contains("within 300 ms");
  }
}
