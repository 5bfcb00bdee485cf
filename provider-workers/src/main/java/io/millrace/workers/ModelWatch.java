package io.millrace.workers;

import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.Provider;
import io.millrace.schemas.models.ModelReports;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a provider for its models, at the start and then now and then, and tells what has changed. A
 * provider that does not say keeps what it said last. Several processes may do so at once: that is
 * a few requests more and nothing else. Runs until it is interrupted.
 */
final class ModelWatch implements Runnable {

  /** How often a provider is asked that answered. */
  static final Duration INTERVAL = Duration.ofMinutes(10);

  /** How often one that did not. */
  static final Duration RETRY = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(ModelWatch.class);

  private final String name;
  private final Provider provider;
  private final List<@Nullable String> keys;
  private final Duration timeout;
  private final Listener listener;
  private final ExecutorService threads;
  private final TimeSource time;
  private final DoubleSupplier random;
  private @Nullable List<ModelInfo> told;

  /** Who is told. */
  @FunctionalInterface
  interface Listener {

    /** Takes the models that a provider has now; returns when they are safe. */
    void found(List<ModelInfo> models) throws InterruptedException, UnsendableException;
  }

  ModelWatch(
      String name,
      Provider provider,
      List<ApiKeySetting> keys,
      Duration timeout,
      Listener listener,
      ExecutorService threads,
      TimeSource time,
      DoubleSupplier random) {
    this.name = name;
    this.provider = provider;
    this.keys = HealthProbe.secrets(keys);
    this.timeout = timeout;
    this.listener = listener;
    this.threads = threads;
    this.time = time;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      while (true) {
        time.sleep(HealthProbe.jittered(step() ? INTERVAL : RETRY, random));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("provider {} is not asked for its models any more", name, e);
    }
  }

  /** Asks, and tells if there is news; whether there was an answer. */
  boolean step() throws InterruptedException {
    for (String key : keys) {
      Optional<List<ModelInfo>> answer = ask(key);
      if (answer.isPresent()) {
        tell(ModelReports.kept(answer.get()));
        return true;
      }
    }
    return false;
  }

  private void tell(List<ModelInfo> models) throws InterruptedException {
    if (models.equals(told)) {
      return;
    }
    try {
      listener.found(models);
      told = models;
      LOG.info("provider {} has {} models", name, models.size());
    } catch (UnsendableException e) {
      LOG.warn("the models of provider {} cannot be told: {}", name, e.getMessage());
    }
  }

  private Optional<List<ModelInfo>> ask(@Nullable String key) throws InterruptedException {
    Callable<Optional<List<ModelInfo>>> call =
        () -> provider.askForModels(new HealthRequest(key, timeout));
    Future<Optional<List<ModelInfo>>> answer = threads.submit(call);
    try {
      return answer.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("provider {} did not say in time which models it has", name);
      return Optional.empty();
    } catch (ExecutionException e) {
      // The message may hold a secret.
      LOG.warn("asking provider {} for its models failed with {}", name, HealthProbe.kind(e));
      return Optional.empty();
    } finally {
      answer.cancel(true);
    }
  }
}
