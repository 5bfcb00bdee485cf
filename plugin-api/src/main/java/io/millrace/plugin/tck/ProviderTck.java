package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every provider keeps to; used as {@link HookTck} is. Providers that call over HTTP use
 * {@link HttpProviderTck}.
 */
@Timeout(120)
public abstract class ProviderTck {

  static final String SECRET = "sk-this-must-not-show";

  /** For subclasses. */
  protected ProviderTck() {}

  /** The provider's entry point; a new one at every call. */
  protected abstract ProviderFactory factory();

  /** Settings of a provider that answers without a network; at least one. */
  protected List<Map<String, Object>> settings() {
    return List.of(Map.of());
  }

  @Test
  void shouldHaveATypeThatNeverChanges() {
    assertTrue(factory().type().matches("[a-z][a-z0-9_-]{0,63}"), "type: " + factory().type());
    assertEquals(factory().type(), factory().type(), "type() must not change");
  }

  @Test
  void shouldAnswerOrSayWhyNot() {
    for (Map<String, Object> sample : settings()) {
      try (Provider provider = factory().create("sample", sample)) {
        call(provider, "1");
      }
    }
  }

  @Test
  void shouldServeManyThreadsAtOnce() {
    for (Map<String, Object> sample : settings()) {
      try (Provider provider = factory().create("sample", sample)) {
        Threads.call(i -> call(provider, Integer.toString(i)));
      }
    }
  }

  @Test
  void shouldStreamWhatItAnswers() throws Exception {
    for (Map<String, Object> sample : settings()) {
      try (Provider provider = factory().create("sample", sample)) {
        CollectedChunks chunks = new CollectedChunks();
        ProviderReply reply = provider.stream(request("1", Duration.ofSeconds(10)), chunks);
        assertNotNull(reply, "stream must not return null");
        chunks.assertWellFormed();
        if (reply instanceof ProviderReply.Success success && !chunks.json().isEmpty()) {
          assertEquals(
              success.completion().text(), chunks.text(), "the chunks must say what it answers");
        }
      }
    }
  }

  @Test
  void shouldEndAStreamWhenToldTo() throws Exception {
    PipelineError end = ErrorCode.CANCELLED.error("enough");
    for (Map<String, Object> sample : settings()) {
      try (Provider provider = factory().create("sample", sample)) {
        if (streams(provider)) {
          ChunkSink.StoppedException stopped =
              assertThrows(
                  ChunkSink.StoppedException.class,
                  () ->
                      provider.stream(
                          request("1", Duration.ofSeconds(10)),
                          json -> {
                            throw new ChunkSink.StoppedException(end);
                          }),
                  "the sink's exception must pass");
          assertSame(end, stopped.error());
        }
      }
    }
  }

  @Test
  void shouldSayHowItIsAndWhatItHas() throws Exception {
    for (Map<String, Object> sample : settings()) {
      try (Provider provider = factory().create("sample", sample)) {
        Optional<HealthReport> report =
            provider.checkHealth(new HealthRequest(SECRET, Duration.ofSeconds(10)));
        report.ifPresent(
            said -> assertFalse(said.detail().contains(SECRET), "a health report shows the key"));
        List<String> names = provider.models().stream().map(ModelInfo::name).toList();
        assertEquals(names.stream().distinct().toList(), names, "a model is there twice");
      }
    }
  }

  /** A request as the kit makes it. */
  static ProviderRequest request(String callId, Duration timeout) {
    return new ProviderRequest(
        CompletionRequest.of("sample/model", "Why is the sky blue?"),
        "model",
        callId,
        SECRET,
        timeout);
  }

  /** Fails when the reply shows the key; for every reply there is. */
  static <R extends ProviderReply> R checked(R reply) {
    assertNotNull(reply, "a reply must not be null");
    assertFalse(reply.toString().contains(SECRET), "a reply shows the key");
    return reply;
  }

  private static boolean streams(Provider provider) throws Exception {
    CollectedChunks chunks = new CollectedChunks();
    provider.stream(request("1", Duration.ofSeconds(10)), chunks);
    return !chunks.json().isEmpty();
  }

  private static ProviderReply call(Provider provider, String callId) {
    try {
      return checked(provider.complete(request(callId, Duration.ofSeconds(10))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted", e);
    }
  }
}
