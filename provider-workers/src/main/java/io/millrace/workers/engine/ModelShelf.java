package io.millrace.workers.engine;

import io.millrace.plugin.engine.LoadedModel;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The models of one provider: each is loaded once, at its first call or before, and stays until the
 * shelf is closed. They are loaded one after the other on a thread of the shelf's own; whoever
 * wants a model waits for it as long as it likes. A model that cannot be loaded is left alone for a
 * while, because reading it anew for each call would help nobody. Thread-safe.
 */
final class ModelShelf implements AutoCloseable {

  /** How long a failure to load counts. */
  static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final Engines engines;
  private final ModelJournal journal;
  private final InstantSource clock;
  private final Map<String, Slot> slots;
  private final ReentrantLock lock = new ReentrantLock();
  private final ExecutorService loader;

  ModelShelf(
      String provider,
      Engines engines,
      Map<String, ModelLocation> models,
      ModelJournal journal,
      InstantSource clock) {
    this.engines = engines;
    this.journal = journal;
    this.clock = clock;
    Map<String, Slot> places = new HashMap<>();
    models.forEach((name, location) -> places.put(name, new Slot(name, location)));
    this.slots = Map.copyOf(places);
    this.loader =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("millrace-models-" + provider).factory());
  }

  boolean has(String name) {
    return slots.containsKey(name);
  }

  /** How many models are in memory. */
  int loadedCount() {
    return (int) slots.values().stream().filter(slot -> slot.model != null).count();
  }

  /** A model if it is in memory, or null. */
  @Nullable LoadedModel loaded(String name) {
    Slot slot = slots.get(name);
    return slot == null ? null : slot.model;
  }

  /** Why a model could not be loaded when that was last tried, or null. */
  @Nullable String failure() {
    return slots.values().stream()
        .filter(slot -> slot.failure != null)
        .map(slot -> "model " + slot.name + ": " + slot.failure)
        .sorted()
        .findFirst()
        .orElse(null);
  }

  /**
   * A model, loaded if it is not.
   *
   * @throws ModelException when it cannot be loaded, now or a little while ago
   * @throws TimeoutException when that takes longer; it goes on being loaded
   */
  LoadedModel get(String name, Duration timeout)
      throws ModelException, TimeoutException, InterruptedException {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new ModelException("there is no model " + name);
    }
    LoadedModel ready = slot.model;
    if (ready != null) {
      return ready;
    }
    try {
      return loadingOf(slot).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ModelException failure
          ? failure
          : new ModelException("loading failed with " + e.getCause(), e);
    }
  }

  private FutureTask<LoadedModel> loadingOf(Slot slot) throws ModelException {
    lock.lock();
    try {
      FutureTask<LoadedModel> known = slot.loading;
      if (known != null && (slot.failure == null || clock.instant().isBefore(slot.retryAt))) {
        return known;
      }
      FutureTask<LoadedModel> begun = new FutureTask<>(() -> load(slot));
      loader.execute(begun);
      slot.failure = null;
      slot.loading = begun;
      return begun;
    } catch (RejectedExecutionException e) {
      throw new ModelException("the worker stops", e);
    } finally {
      lock.unlock();
    }
  }

  private LoadedModel load(Slot slot) throws ModelException {
    Instant begun = clock.instant();
    journal.loading(slot.name, slot.location.toString());
    try {
      Engines.Placed placed = engines.load(slot.location);
      slot.model = placed.model();
      journal.loaded(slot.name, placed.engine(), Duration.between(begun, clock.instant()));
      return placed.model();
    } catch (ModelException e) {
      throw failed(slot, begun, e);
    } catch (RuntimeException | Error e) {
      // A plugin's code, its native library, or a model larger than the memory: one model's fault
      // must not end the worker.
      throw failed(slot, begun, new ModelException("loading failed with " + e, e));
    }
  }

  private ModelException failed(Slot slot, Instant begun, ModelException failure) {
    Instant now = clock.instant();
    String reason = String.valueOf(failure.getMessage());
    lock.lock();
    try {
      slot.retryAt = now.plus(RETRY_AFTER);
      slot.failure = reason;
    } finally {
      lock.unlock();
    }
    journal.failed(slot.name, reason, Duration.between(begun, now));
    return failure;
  }

  /**
   * Unloads all models, then closes the engines. No call may be running. A model that is being
   * loaded is waited for; if that takes too long, or the thread is interrupted, all stay in memory
   * until the process ends.
   */
  @Override
  public void close() {
    loader.shutdown();
    try {
      if (loader.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        slots.values().forEach(this::unload);
        engines.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unload(Slot slot) {
    LoadedModel model = slot.model;
    if (model != null) {
      slot.model = null;
      model.close();
      journal.unloaded(slot.name);
    }
  }

  /** A model's place. */
  private static final class Slot {

    private final String name;
    private final ModelLocation location;
    private volatile @Nullable LoadedModel model;
    private volatile @Nullable String failure;
    private volatile Instant retryAt = Instant.MIN;
    private @Nullable FutureTask<LoadedModel> loading;

    Slot(String name, ModelLocation location) {
      this.name = name;
      this.location = location;
    }
  }
}
