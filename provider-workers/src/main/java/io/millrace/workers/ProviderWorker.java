package io.millrace.workers;

import io.millrace.plugin.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker of one provider: its poll thread, the threads of its calls, and the provider. */
final class ProviderWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderWorker.class);

  /** How long interrupted calls may take to notice. */
  private static final Duration INTERRUPTED_CALLS_TIMEOUT = Duration.ofSeconds(5);

  private final String name;
  private final Provider provider;
  private final DispatchLoop loop;
  private final ExecutorService calls;
  private final WorkerMeters meters;
  private final Thread pollThread;
  private final List<Thread> watchers;

  /**
   * A worker; call {@link #start} next.
   *
   * @param calls runs what the loop hands out; closed by this worker
   * @param watches look after the provider until they are interrupted
   */
  ProviderWorker(
      String name,
      Provider provider,
      DispatchLoop loop,
      ExecutorService calls,
      WorkerMeters meters,
      List<Runnable> watches) {
    this.name = name;
    this.provider = provider;
    this.loop = loop;
    this.calls = calls;
    this.meters = meters;
    this.pollThread = Thread.ofPlatform().name("millrace-worker-" + name).unstarted(loop);
    this.watchers =
        watches.stream()
            .map(watch -> Thread.ofVirtual().name("millrace-watch-" + name).unstarted(watch))
            .toList();
  }

  void start() {
    pollThread.start();
    watchers.forEach(Thread::start);
  }

  boolean ready() {
    return loop.ready();
  }

  Optional<Throwable> failure() {
    return loop.failure();
  }

  /** Begins the end without waiting for it, so that several workers can end together. */
  void requestClose() {
    watchers.forEach(Thread::interrupt);
    loop.requestClose();
  }

  /** Lets calls in flight finish for the configured time, stops the rest, and releases all. */
  @Override
  public void close() {
    requestClose();
    try {
      if (pollThread.getState() == Thread.State.NEW) {
        pollThread.start(); // it has nothing to do but to close the consumer
      }
      pollThread.join();
      calls.shutdownNow();
      if (!calls.awaitTermination(INTERRUPTED_CALLS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("calls of provider {} do not react to being stopped; they are left behind", name);
      }
    } catch (InterruptedException e) {
      calls.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      meters.close();
      provider.close();
    }
  }
}
