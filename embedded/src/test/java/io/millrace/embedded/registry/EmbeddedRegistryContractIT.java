package io.millrace.embedded.registry;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class EmbeddedRegistryContractIT extends RegistryContract {

  private static EmbeddedRegistry registry;

  @BeforeAll
  static void start(TestBroker broker) {
    registry = EmbeddedRegistry.start(broker.bootstrapServers(), "127.0.0.1", 0);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Override
  String url() {
    return registry.url();
  }
}
