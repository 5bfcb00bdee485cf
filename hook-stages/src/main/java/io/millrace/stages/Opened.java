package io.millrace.stages;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start has opened so far: closed in reverse, once, whether the start went well or not, and
 * what does not close cleanly keeps nothing else from it. Used by one thread at a time.
 */
final class Opened implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

  private final Deque<Runnable> closings = new ArrayDeque<>();

  <T> T add(T resource, Consumer<T> closing) {
    return push(resource, () -> closing.accept(resource));
  }

  <T extends AutoCloseable> T add(T resource) {
    return push(resource, resource);
  }

  private <T> T push(T resource, AutoCloseable closing) {
    closings.push(() -> close(resource, closing));
    return resource;
  }

  private static void close(Object resource, AutoCloseable closing) {
    try {
      closing.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("{} did not close cleanly", resource.getClass().getSimpleName(), e);
    }
  }

  @Override
  public synchronized void close() {
    while (!closings.isEmpty()) {
      closings.pop().run();
    }
  }
}
