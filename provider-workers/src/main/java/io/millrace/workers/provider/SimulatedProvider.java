package io.millrace.workers.provider;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A provider without a model. What a call meets with (delay, fault) depends on the seed, the call
 * id and how often that call has failed before; what it answers depends on the seed and the
 * request. So a run can be repeated exactly, and a retry may succeed. It answers for any model.
 */
final class SimulatedProvider implements Provider {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** What examples ask for. */
  private static final String EXAMPLE_MODEL = "small";

  private final SimulatedSettings settings;
  private final Sleeper sleeper;
  private final InstantSource clock;
  private final SimulatedEmbeddings embeddings;
  private final FailureMemory failures = new FailureMemory();

  SimulatedProvider(SimulatedSettings settings, Sleeper sleeper, InstantSource clock) {
    this.settings = settings;
    this.sleeper = sleeper;
    this.clock = clock;
    this.embeddings = new SimulatedEmbeddings(settings.seed(), clock);
  }

  @Override
  public ProviderReply complete(ProviderRequest request) throws InterruptedException {
    return call(
        request,
        (completion, delayNanos, random) ->
            after(
                delayNanos + textNanos(completion.usage()),
                request,
                new ProviderReply.Success(completion, HttpReplies.OK)));
  }

  /** The same delays and faults; the kind of the request settles what it answers. */
  @Override
  public ProviderReply embed(ProviderRequest request) throws InterruptedException {
    return complete(request);
  }

  @Override
  public ProviderReply stream(ProviderRequest request, ChunkSink chunks)
      throws ChunkSink.StoppedException, InterruptedException {
    return call(
        request,
        (completion, delayNanos, random) ->
            new SimulatedStream(request, completion, chunks, sleeper)
                .tell(
                    delayNanos,
                    textNanos(completion.usage()),
                    random.nextDouble() < settings.cutRate()));
  }

  @Override
  public Optional<HealthReport> checkHealth(HealthRequest request) {
    return Optional.of(
        settings.errorRate() + settings.timeoutRate() < 1
            ? HealthReport.ok()
            : HealthReport.failing("the simulated provider is set to fail every call"));
  }

  @Override
  public List<ModelInfo> models() {
    return List.of(ModelInfo.of(EXAMPLE_MODEL));
  }

  /** A duration in nanoseconds; the largest long where it would overflow. */
  static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0
        ? duration.toNanos()
        : Long.MAX_VALUE;
  }

  private <E extends Exception> ProviderReply call(ProviderRequest request, Telling<E> telling)
      throws E, InterruptedException {
    int failedBefore = failures.of(request.callId());
    RandomGenerator random =
        new SplittableRandom(
            settings.seed() ^ (request.callId().hashCode() * GOLDEN_GAMMA + failedBefore));
    ProviderReply reply = reply(request, random, telling);
    if (reply instanceof ProviderReply.Failure) {
      failures.remember(request.callId(), failedBefore + 1);
    } else if (failedBefore > 0) {
      failures.remember(request.callId(), 0);
    }
    return reply;
  }

  private <E extends Exception> ProviderReply reply(
      ProviderRequest request, RandomGenerator random, Telling<E> telling)
      throws E, InterruptedException {
    double fate = random.nextDouble();
    long delayNanos = delayNanos(random);
    if (fate < settings.timeoutRate()) {
      return timeout(request.timeout());
    }
    fate -= settings.timeoutRate();
    if (fate < settings.rateLimitRate()) {
      return after(delayNanos, request, SimulatedFaults.rateLimited(settings.retryAfterMs()));
    }
    fate -= settings.rateLimitRate();
    if (fate < settings.errorRate()) {
      return after(delayNanos, request, SimulatedFaults.failed());
    }
    Completion completion =
        switch (request.request().kind()) {
          case CHAT -> SimulatedAnswer.to(request, settings, clock.instant());
          case EMBEDDINGS -> embeddings.answer(request);
        };
    return telling.tell(completion, delayNanos, random);
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
    return SimulatedFaults.timeout(timeout);
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

  private long textNanos(Usage usage) {
    return settings.tokensPerSecond() == 0
        ? 0
        : (long) (usage.completionTokens() * 1e9 / settings.tokensPerSecond());
  }

  /** How an answer is told. */
  private interface Telling<E extends Exception> {
    ProviderReply tell(Completion completion, long delayNanos, RandomGenerator random)
        throws E, InterruptedException;
  }

  /** Waits on the calling thread. */
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }
}
