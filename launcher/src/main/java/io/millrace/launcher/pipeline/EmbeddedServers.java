package io.millrace.launcher.pipeline;

import io.millrace.embedded.broker.EmbeddedBroker;
import io.millrace.embedded.broker.EmbeddedBrokerConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import java.util.Optional;
import java.util.function.Consumer;

/** The embedded broker and the embedded schema registry that keeps its schemas in it. */
final class EmbeddedServers implements AutoCloseable {

  private static final String BROKER_FOLDER = "broker";

  private final EmbeddedBroker broker;
  private final KafkaConnection connection;

  private EmbeddedServers(EmbeddedBroker broker, int registryPort) {
    this.broker = broker;
    this.connection =
        KafkaConnection.of(broker.bootstrapServers(), "http://127.0.0.1:" + registryPort);
  }

  static EmbeddedServers start(LocalPipelineConfig config, Consumer<String> progress) {
    progress.accept("starting the broker");
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            EmbeddedBrokerConfig.in(config.dataDir().resolve(BROKER_FOLDER))
                .withPort(config.kafkaPort()));
    return new EmbeddedServers(broker, config.registryPort());
  }

  KafkaConnection connection() {
    return connection;
  }

  Optional<Throwable> failure() {
    return broker.failure();
  }

  /** Stops both after something else failed; what fails here is added to that. */
  void closeAfter(Exception reason) {
    try {
      close();
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
