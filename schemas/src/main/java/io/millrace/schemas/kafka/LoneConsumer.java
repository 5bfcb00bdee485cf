package io.millrace.schemas.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

/** Consumers that belong to no group and commit nothing. */
public final class LoneConsumer {

  private LoneConsumer() {}

  /**
   * Closes one at once. {@code close()} would first wait for the fetch that is under way, half a
   * second where nothing arrives, to tell the broker something it finds out by itself.
   */
  public static void close(Consumer<?, ?> consumer) {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
