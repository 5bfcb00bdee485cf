package io.millrace.ingest;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a service holds open, closed in reverse order and all of it, whatever fails. */
final class Opened implements AutoCloseable {

  private final Deque<AutoCloseable> newestFirst = new ArrayDeque<>();

  synchronized <T extends AutoCloseable> T add(T resource) {
    newestFirst.push(resource);
    return resource;
  }

  /** Closes everything; failures are added to what went wrong before. */
  synchronized void closeAfter(Exception reason) {
    while (!newestFirst.isEmpty()) {
      try {
        newestFirst.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() {
    IllegalStateException failure = new IllegalStateException("ingest did not close in good order");
    closeAfter(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }
}
