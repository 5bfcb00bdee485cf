package io.millrace.workers;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.workers.engine.EngineProviderFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tries a provider in the calling process, apart from all workers: with each key one look at its
 * health and one real, short call, which may cost money. Blocks the calling thread.
 */
public final class ProviderTrial {

  private static final String PROMPT = "Reply with the one word: ok";

  private ProviderTrial() {}

  /**
   * Tries every key that may be used for the model, in the order configured.
   *
   * @param name the provider's configured name
   * @param model as the provider names it
   * @param plugins further provider types, which win over those on the class path, engines and
   *     loaders
   * @return one for each key; a single one for a provider without keys; none when no key may be
   *     used for the model
   * @throws IllegalArgumentException when the type is not known or its settings are wrong
   * @throws InterruptedException when the calling thread is interrupted
   */
  public static List<KeyTrial> run(
      String name, ProviderSetting setting, String model, WorkerPlugins plugins)
      throws InterruptedException {
    Map<String, Provider> created =
        new ProviderTypes(engines(plugins), plugins.types()).createAll(Map.of(name, setting));
    try (Provider provider = Objects.requireNonNull(created.get(name))) {
      if (setting.keys().isEmpty()) {
        return List.of(call(provider, setting, model, KeyTrial.NO_KEY, null));
      }
      List<KeyTrial> trials = new ArrayList<>();
      for (ApiKeySetting key : setting.keys()) {
        if (key.allows(model)) {
          trials.add(call(provider, setting, model, key.name(), key.value()));
        }
      }
      return trials;
    }
  }

  /** Whose events nobody hears, and whose figures nobody reads. */
  private static EngineProviderFactory engines(WorkerPlugins plugins) {
    return new EngineProviderFactory(
        plugins.engines(),
        plugins.loaders(),
        new SimpleMeterRegistry(),
        (type, attributes) -> {},
        InstantSource.system());
  }

  private static KeyTrial call(
      Provider provider,
      ProviderSetting setting,
      String model,
      String keyName,
      @Nullable String secret)
      throws InterruptedException {
    String health = health(provider, setting.timeout(), secret);
    ProviderRequest request =
        new ProviderRequest(
            CompletionRequest.of(model, PROMPT),
            model,
            "trial/" + UUID.randomUUID(),
            secret,
            setting.timeout());
    long begun = System.nanoTime();
    try {
      ProviderReply reply = provider.complete(request);
      Duration latency = Duration.ofNanos(System.nanoTime() - begun);
      return KeyTrial.of(keyName, health, latency, reply, secret);
    } catch (RuntimeException e) {
      return KeyTrial.threw(keyName, health, Duration.ofNanos(System.nanoTime() - begun), e);
    }
  }

  private static @Nullable String health(
      Provider provider, Duration timeout, @Nullable String secret) throws InterruptedException {
    try {
      return provider
          .checkHealth(new HealthRequest(secret, timeout))
          .map(ProviderTrial::text)
          .map(text -> KeyTrial.without(secret, text))
          .orElse(null);
    } catch (RuntimeException e) {
      return "failed with " + e.getClass().getName();
    }
  }

  private static String text(HealthReport report) {
    String state = report.healthy() ? "healthy" : "failing";
    return report.detail().isEmpty() ? state : state + ": " + report.detail();
  }

  /**
   * What came of one key; holds no secret.
   *
   * @param key its name
   * @param health what the provider said of itself; null where it says nothing
   * @param latency of the call
   * @param httpStatus null when there was no answer, or the provider does not speak HTTP
   * @param errorCode null when the call succeeded
   * @param message what went wrong; empty when nothing did
   */
  public record KeyTrial(
      String key,
      @Nullable String health,
      Duration latency,
      @Nullable Integer httpStatus,
      @Nullable String errorCode,
      String message) {

    /** In place of a name, for a provider without keys. */
    static final String NO_KEY = "(none)";

    private static final String HIDDEN = "***";

    /** Whether the call succeeded. */
    public boolean succeeded() {
      return errorCode == null;
    }

    static KeyTrial of(
        String key,
        @Nullable String health,
        Duration latency,
        ProviderReply reply,
        @Nullable String secret) {
      return switch (reply) {
        case ProviderReply.Success success ->
            new KeyTrial(key, health, latency, success.httpStatus(), null, "");
        case ProviderReply.Failure failure ->
            new KeyTrial(
                key,
                health,
                latency,
                failure.httpStatus(),
                failure.error().code(),
                without(secret, failure.error().message()));
      };
    }

    /** An exception's message may hold secrets. */
    static KeyTrial threw(
        String key, @Nullable String health, Duration latency, RuntimeException e) {
      return new KeyTrial(
          key,
          health,
          latency,
          null,
          "internal_error",
          "the provider's code failed with " + e.getClass().getName());
    }

    static String without(@Nullable String secret, String text) {
      return secret == null ? text : text.replace(secret, HIDDEN);
    }
  }
}
