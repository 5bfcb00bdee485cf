package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderBlocks;
import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.health.ProviderOrder;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What the topics say of providers at one moment. Immutable; the records are not changed.
 *
 * @param blocked what operators have blocked, with the order that did it
 * @param health by {@code provider/model}
 */
public record ProviderSnapshot(
    Map<ProviderOrder, Control> blocked, Map<String, ProviderHealth> health) {

  /** Nothing is known. */
  public static final ProviderSnapshot EMPTY = new ProviderSnapshot(Map.of(), Map.of());

  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final String READER = "listing";

  /** Copies. */
  public ProviderSnapshot {
    blocked = Map.copyOf(blocked);
    health = Map.copyOf(health);
  }

  /**
   * Reads the control and the provider-health topic to their end.
   *
   * @throws PipelineException when a topic is not there, or cannot be read in time
   */
  public static ProviderSnapshot read(KafkaConnection connection, MillraceConfig config) {
    TopicCatalogue topics = config.topicCatalogue();
    PipelineTopics.require(connection, topics.control());
    PipelineTopics.require(connection, topics.providerHealth());
    try (SchemaRegistry registry = connection.openRegistry()) {
      AvroSerdes serdes = new AvroSerdes(registry);
      try (ProviderBlocks blocks = ProviderBlocks.start(topics, connection, serdes, READER);
          ProviderHealthTable health =
              ProviderHealthTable.start(topics, connection, serdes, READER)) {
        await(() -> blocks.caughtUp() && health.caughtUp());
        return new ProviderSnapshot(blocks.all(), health.all());
      }
    }
  }

  private static void await(BooleanSupplier caughtUp) {
    long until = System.nanoTime() + TIMEOUT.toNanos();
    while (!caughtUp.getAsBoolean()) {
      if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted()) {
        throw new PipelineException(
            "the state of the providers could not be read within %d s: check Kafka and the schema"
                    .formatted(TIMEOUT.toSeconds())
                + " registry",
            null);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
