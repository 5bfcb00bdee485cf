package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.registry.RestSchemaRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class EmbeddedRegistryIT {

  private static final String HOST = "127.0.0.1";

  @Test
  void shouldKeepIdsWhenRestarted(TestBroker broker) {
    int id;
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(broker.bootstrapServers(), HOST, 0);
        RestSchemaRegistry client = client(registry)) {
      id = client.register("kept-value", CompletionRequest.getClassSchema());
    }
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(broker.bootstrapServers(), HOST, 0);
        RestSchemaRegistry client = client(registry)) {
      assertThat(client.schemaOf(id)).isEqualTo(CompletionRequest.getClassSchema());
      assertThat(client.idOf("kept-value", CompletionRequest.getClassSchema())).isEqualTo(id);
      assertThat(client.latest("kept-value").version()).isEqualTo(1);
    }
  }

  private static RestSchemaRegistry client(EmbeddedRegistry registry) {
    return RestSchemaRegistry.open(Map.of("schema.registry.url", registry.url()));
  }
}
