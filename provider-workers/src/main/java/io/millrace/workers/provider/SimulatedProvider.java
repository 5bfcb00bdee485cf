package io.millrace.workers.provider;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * A provider without a model. What a call meets with (delay, fault) depends on the seed, the call
 * id and how often that call has failed before; what it answers depends on the seed and the
 * request. So a run can be repeated exactly, and a retry may succeed.
 */
final class SimulatedProvider implements Provider {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** The oldest failures are forgotten past this many call ids. */
  private static final int MAX_REMEMBERED_FAILURES = 10_000;

  private final SimulatedSettings settings;
  private final Sleeper sleeper;
  private final InstantSource clock;
  private final SimulatedEmbeddings embeddings;
  private final LinkedHashMap<String, Integer> failures = new LinkedHashMap<>();
  private final ReentrantLock failuresLock = new ReentrantLock();

  SimulatedProvider(SimulatedSettings settings, Sleeper sleeper, InstantSource clock) {
    this.settings = settings;
    this.sleeper = sleeper;
    this.clock = clock;
    this.embeddings = new SimulatedEmbeddings(settings.seed(), clock);
  }

  @Override
  public ProviderReply complete(ProviderRequest request) throws InterruptedException {
    int failedBefore = failuresOf(request.callId());
    RandomGenerator random =
        new SplittableRandom(
            settings.seed() ^ (request.callId().hashCode() * GOLDEN_GAMMA + failedBefore));
    ProviderReply reply = reply(request, random);
    if (reply instanceof ProviderReply.Failure) {
      remember(request.callId(), failedBefore + 1);
    } else if (failedBefore > 0) {
      remember(request.callId(), 0);
    }
    return reply;
  }

  /** The same delays and faults; the kind of the request settles what it answers. */
  @Override
  public ProviderReply embed(ProviderRequest request) throws InterruptedException {
    return complete(request);
  }

  private ProviderReply reply(ProviderRequest request, RandomGenerator random)
      throws InterruptedException {
    double fate = random.nextDouble();
    long delayNanos = delayNanos(random);
    if (fate < settings.timeoutRate()) {
      return timeout(request.timeout());
    }
    fate -= settings.timeoutRate();
    if (fate < settings.rateLimitRate()) {
      return after(delayNanos, request, rateLimited());
    }
    fate -= settings.rateLimitRate();
    if (fate < settings.errorRate()) {
      return after(delayNanos, request, failed());
    }
    Completion completion =
        switch (request.request().kind()) {
          case CHAT -> completion(request);
          case EMBEDDINGS -> embeddings.answer(request);
        };
    return after(
        delayNanos + generationNanos(completion.usage()),
        request,
        new ProviderReply.Success(completion, 200));
  }

  private ProviderReply after(long nanos, ProviderRequest request, ProviderReply reply)
      throws InterruptedException {
    Duration delay = Duration.ofNanos(nanos);
    if (delay.compareTo(request.timeout()) >= 0) {
      return timeout(request.timeout());
    }
    if (delay.isPositive()) {
      sleeper.sleep(delay);
    }
    return reply;
  }

  private ProviderReply timeout(Duration timeout) throws InterruptedException {
    sleeper.sleep(timeout);
    return new ProviderReply.Failure(
        FailureClass.TIMEOUT,
        ErrorCode.UPSTREAM_TIMEOUT.error(
            "the simulated provider did not answer within %d ms".formatted(timeout.toMillis())),
        null);
  }

  private ProviderReply rateLimited() {
    PipelineError error =
        ErrorCode.UPSTREAM_RATE_LIMITED.error("the simulated provider limits its calls");
    return new ProviderReply.Failure(
        FailureClass.RATE_LIMITED,
        settings.retryAfterMs() == 0
            ? error
            : error.withRetryAfter(Duration.ofMillis(settings.retryAfterMs())),
        429);
  }

  private static ProviderReply failed() {
    return new ProviderReply.Failure(
        FailureClass.SERVER_ERROR,
        ErrorCode.UPSTREAM_ERROR.error("the simulated provider failed with status 500"),
        500);
  }

  private long delayNanos(RandomGenerator random) {
    double millis =
        switch (settings.latency()) {
          case FIXED -> settings.latencyMs();
          case UNIFORM ->
              settings.latencyMs()
                  + random.nextDouble() * (settings.latencyMaxMs() - settings.latencyMs());
          case LOGNORMAL ->
              Math.min(
                  (double) settings.latencyMaxMs(),
                  settings.latencyMs() * Math.exp(settings.latencySigma() * random.nextGaussian()));
        };
    return (long) (millis * 1e6);
  }

  private long generationNanos(Usage usage) {
    return settings.tokensPerSecond() == 0
        ? 0
        : (long) (usage.completionTokens() * 1e9 / settings.tokensPerSecond());
  }

  private Completion completion(ProviderRequest request) {
    String prompt = lastUserText(request.request().messages());
    Integer asked = request.request().maxTokens();
    int most = asked == null ? Integer.MAX_VALUE : Math.max(1, asked);
    int tokens = Math.min(most, settings.completionTokens());
    boolean cut = tokens < settings.completionTokens();
    String text = SimulatedText.answer(prompt, tokens, settings.seed());
    Usage usage =
        Usage.of(SimulatedText.tokens(charactersOf(request.request().messages())), tokens);
    Message message = Message.assistant(text);
    return new Completion(
        "sim-" + Integer.toHexString(request.callId().hashCode()),
        request.model(),
        clock.instant().getEpochSecond(),
        List.of(new Completion.Choice(0, message, cut ? "length" : "stop", Map.of())),
        usage,
        Map.of());
  }

  private static String lastUserText(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role().equals("user")) {
        return messages.get(i).text();
      }
    }
    return "";
  }

  private static long charactersOf(List<Message> messages) {
    return messages.stream().mapToLong(message -> message.text().length()).sum();
  }

  private int failuresOf(String callId) {
    failuresLock.lock();
    try {
      return failures.getOrDefault(callId, 0);
    } finally {
      failuresLock.unlock();
    }
  }

  private void remember(String callId, int count) {
    failuresLock.lock();
    try {
      failures.remove(callId);
      if (count > 0) {
        failures.put(callId, count);
      }
      if (failures.size() > MAX_REMEMBERED_FAILURES) {
        failures.pollFirstEntry();
      }
    } finally {
      failuresLock.unlock();
    }
  }

  /** Waits on the calling thread. */
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }
}
