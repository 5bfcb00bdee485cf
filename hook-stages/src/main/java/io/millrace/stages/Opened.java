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
    closings.push(() -> closing.accept(resource));
    return resource;
  }

  <T extends AutoCloseable> T add(T resource) {
    return add(resource, Opened::close);
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
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
