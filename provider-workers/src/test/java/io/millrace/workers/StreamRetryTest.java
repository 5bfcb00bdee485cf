package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.tck.ScriptedServer;
import io.millrace.workers.provider.OpenAiProviderFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Streams of a server that breaks off, and what is repeated. */
class StreamRetryTest {

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String ROLE = event("{\"role\":\"assistant\",\"content\":\"\"}", "null");
  private static final String HELLO = event("{\"content\":\"Hello\"}", "null");
  private static final String END = event("{}", "\"stop\"") + "data: [DONE]\n\n";

  private final RecordedStream stream = new RecordedStream();

  private static String event(String delta, String end) {
    return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n"
        .formatted(delta, end);
  }

  /** A server whose first answer breaks off after this. */
  private static ScriptedServer breakingOffOnceAfter(String begun) {
    AtomicInteger asked = new AtomicInteger();
    return ScriptedServer.answering(
        (request, out) -> {
          out.write(HEAD.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          if (asked.incrementAndGet() == 1) {
            out.write(ScriptedServer.chunked(begun));
            out.flush();
            throw new IOException("hang up");
          }
          out.write(ScriptedServer.chunked(ROLE + HELLO + END));
          out.write(ScriptedServer.chunked(""));
        });
  }

  private CallResult.Finished execute(ScriptedServer server) {
    ProviderSetting setting =
        ProviderSetting.of("openai")
            .withKeys(List.of(ApiKeySetting.of("a", "secret")))
            .withRetries(new RetrySetting(2, Duration.ofMillis(1), Duration.ofMillis(1)));
    CallOrder order =
        new CallOrder(
            CompletionRequest.of("m", "hi").withStream(true),
            "m",
            "t/r#1",
            Instant.now().plusSeconds(60),
            stream);
    try (Provider provider =
        new OpenAiProviderFactory().create("p", Map.of("base_url", server.baseUrl()))) {
      return (CallResult.Finished)
          CallExecutors.of(setting, provider, new WorkerMeters(new SimpleMeterRegistry(), "p"))
              .execute(order);
    }
  }

  @Test
  void shouldRepeatACallThatBreaksOffAfterARoleAlone() throws Exception {
    try (ScriptedServer server = breakingOffOnceAfter(ROLE)) {
      CallResult.Finished result = execute(server);
      assertThat(result.outcome()).isInstanceOf(Completion.class);
      assertThat(result.calls()).hasSize(2);
      assertThat(stream.sent()).hasSize(3);
      assertThat(stream.sent().getFirst()).contains("assistant");
      assertThat(stream.sent().get(1)).contains("Hello");
    }
  }

  @Test
  void shouldNotRepeatACallThatBreaksOffAfterText() throws Exception {
    try (ScriptedServer server = breakingOffOnceAfter(ROLE + HELLO)) {
      CallResult.Finished result = execute(server);
      assertThat(result.outcome()).isInstanceOf(PipelineError.class);
      assertThat(result.calls()).hasSize(1);
      assertThat(stream.sent()).hasSize(2);
    }
  }
}
