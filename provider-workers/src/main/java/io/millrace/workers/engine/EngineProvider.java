package io.millrace.workers.engine;

import io.millrace.plugin.engine.LoadedModel;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers from models in this process. The callers' threads only wait. */
final class EngineProvider implements Provider {

  private static final Logger LOG = LoggerFactory.getLogger(EngineProvider.class);

  private static final int LOGGED_FRAMES = 8;

  private final String name;
  private final List<String> models;
  private final ModelShelf shelf;
  private final InferencePool pool;
  private final ModelJournal journal;
  private final EngineMeters meters;

  EngineProvider(
      String name,
      List<String> models,
      ModelShelf shelf,
      InferencePool pool,
      ModelJournal journal,
      EngineMeters meters) {
    this.name = name;
    this.models = models.stream().sorted().toList();
    this.shelf = shelf;
    this.pool = pool;
    this.journal = journal;
    this.meters = meters;
    meters.gauge(EngineMeters.QUEUED, pool::queued);
    meters.gauge(EngineMeters.MODELS, shelf::loadedCount);
  }

  @Override
  public ProviderReply complete(ProviderRequest request) throws InterruptedException {
    try {
      return answer(request, null);
    } catch (ChunkSink.StoppedException e) {
      throw new IllegalStateException("stopped by a sink that is not there", e);
    }
  }

  @Override
  public ProviderReply stream(ProviderRequest request, ChunkSink chunks)
      throws ChunkSink.StoppedException, InterruptedException {
    return answer(request, chunks);
  }

  @Override
  public ProviderReply embed(ProviderRequest request) throws InterruptedException {
    return complete(request);
  }

  /** Failing while a model cannot be loaded; a model that nobody asked for yet is no fault. */
  @Override
  public Optional<HealthReport> checkHealth(HealthRequest request) {
    @Nullable String failure = shelf.failure();
    return Optional.of(failure == null ? HealthReport.ok() : HealthReport.failing(failure));
  }

  @Override
  public List<ModelInfo> models() {
    return models.stream().map(this::info).toList();
  }

  private ModelInfo info(String model) {
    @Nullable LoadedModel loaded = shelf.loaded(model);
    return loaded == null ? ModelInfo.of(model) : loaded.info();
  }

  private ProviderReply answer(ProviderRequest request, @Nullable ChunkSink chunks)
      throws ChunkSink.StoppedException, InterruptedException {
    if (!shelf.has(request.model())) {
      return EngineFailures.noModel(name, request.model(), models);
    }
    long begun = System.nanoTime();
    journal.begun(request);
    ProviderReply reply;
    try {
      LoadedModel model = shelf.get(request.model(), request.timeout());
      reply =
          model.kinds().contains(request.request().kind())
              ? run(model, request, chunks, begun)
              : EngineFailures.otherKind(request, model.kinds());
    } catch (ModelException e) {
      reply = EngineFailures.notLoaded(name, request.model(), e);
    } catch (TimeoutException e) {
      reply = EngineFailures.timedOut(name, request.timeout());
    }
    journal.ended(request, reply);
    return reply;
  }

  private ProviderReply run(
      LoadedModel model, ProviderRequest request, @Nullable ChunkSink chunks, long begunNanos)
      throws ChunkSink.StoppedException, InterruptedException, TimeoutException {
    try {
      return pool.call(
          () -> model.execute(within(request, begunNanos), chunks), left(request, begunNanos));
    } catch (RejectedExecutionException e) {
      return EngineFailures.busy(name);
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case ChunkSink.StoppedException stopped -> throw stopped;
        case InterruptedException interrupted ->
            EngineFailures.stopped(name); // its own thread was, not the caller's
        case null -> failed(e);
        case Throwable cause -> failed(cause);
      };
    }
  }

  private static ProviderRequest within(ProviderRequest request, long begunNanos) {
    return new ProviderRequest(
        request.request(),
        request.model(),
        request.callId(),
        request.apiKey(),
        left(request, begunNanos));
  }

  private static Duration left(ProviderRequest request, long begunNanos) {
    Duration left = request.timeout().minusNanos(System.nanoTime() - begunNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Its message may hold what a caller wrote, so only its class and place are logged. */
  private ProviderReply failed(Throwable cause) {
    List<StackTraceElement> where = Stream.of(cause.getStackTrace()).limit(LOGGED_FRAMES).toList();
    LOG.error("the engine of provider {} threw {} at {}", name, cause.getClass().getName(), where);
    return EngineFailures.threw(name, cause);
  }

  /** Models that a call is still using stay in memory: freeing them would end the process. */
  @Override
  public void close() {
    meters.close();
    try (pool) {
      if (pool.stop()) {
        shelf.close();
      } else {
        LOG.warn("a call to a model of provider {} does not end; its memory stays", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
