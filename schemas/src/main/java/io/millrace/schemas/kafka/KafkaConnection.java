package io.millrace.schemas.kafka;

import io.millrace.schemas.registry.RestSchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How to reach the cluster and the schema registry: one map of client properties, passed through to
 * every client as it is (TLS and SASL settings included), with the registry's keys taken out.
 * Immutable.
 *
 * @param properties Kafka's and the registry's own keys; {@code bootstrap.servers} and {@code
 *     schema.registry.url} are required
 */
public record KafkaConnection(Map<String, String> properties) {

  /** The registry's address or addresses, separated by commas. */
  public static final String SCHEMA_REGISTRY_URL = "schema.registry.url";

  /** Checks that the required keys are there. */
  public KafkaConnection {
    properties = Map.copyOf(properties);
    Objects.requireNonNull(
        properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG), "bootstrap.servers");
    Objects.requireNonNull(properties.get(SCHEMA_REGISTRY_URL), SCHEMA_REGISTRY_URL);
  }

  /** A connection without any further settings. */
  public static KafkaConnection of(String bootstrapServers, String schemaRegistryUrl) {
    return new KafkaConnection(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            SCHEMA_REGISTRY_URL,
            schemaRegistryUrl));
  }

  /** The cluster's addresses. */
  public String bootstrapServers() {
    return Objects.requireNonNull(properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
  }

  /** The registry's address or addresses. */
  public String schemaRegistryUrl() {
    return Objects.requireNonNull(properties.get(SCHEMA_REGISTRY_URL));
  }

  /** Properties for a Kafka client, to which the caller adds its own; a new map each time. */
  public Map<String, Object> clientProperties() {
    Map<String, Object> client = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          if (!RestSchemaRegistry.isRegistryKey(key)) {
            client.put(key, value);
          }
        });
    return client;
  }

  /** Names the addresses only: the properties may hold passwords. */
  @Override
  public String toString() {
    return "KafkaConnection[" + bootstrapServers() + "]";
  }

  /** Opens a client of the schema registry; the caller closes it. */
  public SchemaRegistry openRegistry() {
    return RestSchemaRegistry.open(properties);
  }
}
