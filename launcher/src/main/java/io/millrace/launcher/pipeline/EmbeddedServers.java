package io.millrace.launcher.pipeline;

import io.millrace.embedded.broker.EmbeddedBroker;
import io.millrace.embedded.broker.EmbeddedBrokerConfig;
import io.millrace.embedded.registry.EmbeddedRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import java.util.Optional;
import java.util.function.Consumer;

/** The embedded broker and the embedded schema registry that keeps its schemas in it. */
final class EmbeddedServers implements AutoCloseable {

  private static final String BROKER_FOLDER = "broker";

  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;

  private EmbeddedServers(EmbeddedBroker broker, EmbeddedRegistry registry) {
    this.broker = broker;
    this.registry = registry;
  }

  static EmbeddedServers start(LocalPipelineConfig config, Consumer<String> progress) {
    progress.accept("starting the broker");
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            EmbeddedBrokerConfig.in(config.dataDir().resolve(BROKER_FOLDER))
                .withPort(config.kafkaPort()));
    try {
      progress.accept("starting the schema registry");
      return new EmbeddedServers(
          broker,
          EmbeddedRegistry.start(
              broker.bootstrapServers(), EmbeddedBroker.HOST, config.registryPort()));
    } catch (RuntimeException e) {
      closeAfter(e, broker);
      throw e;
    }
  }

  KafkaConnection connection() {
    return KafkaConnection.of(broker.bootstrapServers(), registry.url());
  }

  Optional<Throwable> failure() {
    return broker.failure();
  }

  /** Closes something after something else failed; what fails here is added to that. */
  static void closeAfter(Exception reason, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    try (broker) {
      registry.close();
    }
  }
}
