package io.millrace.plugin.monitor;

import java.time.Duration;

/**
 * Watches the pipeline's figures. Called by one thread at a time, never by a stream thread; it may
 * wait, and misses nothing but samples while it does. A monitor that throws harms no other.
 */
public interface Monitor extends AutoCloseable {

  /** How often {@link #sample} is called; zero for never. At least one second otherwise. */
  default Duration sampleInterval() {
    return Duration.ZERO;
  }

  /** Sees a window that is over. */
  default void onWindow(MetricWindow window, MonitorContext context) {}

  /** Takes figures of its own. */
  default void sample(MonitorContext context) {}

  /** Releases what the monitor holds. Called once. */
  @Override
  default void close() {}
}
