package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every provider keeps to; used as {@link HookTck} is. */
public abstract class ProviderTck {

  private static final String SECRET = "sk-this-must-not-show";

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

  private static ProviderReply call(Provider provider, String callId) {
    ProviderRequest request =
        new ProviderRequest(
            CompletionRequest.of("sample/model", "Why is the sky blue?"),
            "model",
            callId,
            SECRET,
            Duration.ofSeconds(10));
    try {
      ProviderReply reply = provider.complete(request);
      assertNotNull(reply, "complete must not return null");
      if (reply instanceof ProviderReply.Failure failure) {
        assertTrue(!failure.error().message().contains(SECRET), "an error's message shows the key");
      }
      return reply;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted", e);
    }
  }
}
