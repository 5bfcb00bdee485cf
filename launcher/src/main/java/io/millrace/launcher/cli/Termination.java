package io.millrace.launcher.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps a command running until the process is asked to end (SIGTERM, Ctrl-C) or something fails,
 * and keeps the process alive until what the command opened is closed.
 */
final class Termination implements AutoCloseable {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  /**
   * What stopping may take besides the workers' drain. After that, something that hangs no longer
   * keeps the process from ending.
   */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "termination");

  private final Duration longest;

  private Termination(Duration longest) {
    this.longest = longest;
  }

  /** Starts to watch a command that runs no workers; to be closed after everything else. */
  static Termination watch() {
    return watch(Duration.ZERO);
  }

  /**
   * Starts to watch; to be closed after everything else.
   *
   * @param drain how long workers may take for their calls in flight
   */
  static Termination watch(Duration drain) {
    Termination termination = new Termination(drain.plus(MARGIN));
    Runtime.getRuntime().addShutdownHook(termination.hook);
    return termination;
  }

  /**
   * Waits.
   *
   * @param failure what may fail meanwhile
   * @throws CommandFailure when it does
   */
  void await(Supplier<Optional<Throwable>> failure) {
    try {
      while (!asked.await(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        Optional<Throwable> cause = failure.get();
        if (cause.isPresent()) {
          throw new CommandFailure(
              cause.get().getMessage() + ": see the log; started again, it goes on where it was",
              cause.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the process was asked to end. */
  boolean asked() {
    return asked.getCount() == 0;
  }

  private void onShutdown() {
    asked.countDown();
    try {
      if (!closed.await(longest.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("millrace: not everything was stopped in good order in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
