package io.millrace.embedded.broker;

import io.millrace.schemas.kafka.KafkaConnection;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * For Streams applications that a test kills: their group misses them, and their open transactions
 * end, after 4 s instead of 10. Still far above what a garbage collection takes.
 */
public final class ShortSessions {

  private static final String MILLIS = "4000";

  private ShortSessions() {}

  /** A connection with such settings. */
  public static KafkaConnection over(String bootstrapServers, String schemaRegistryUrl) {
    return new KafkaConnection(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            KafkaConnection.SCHEMA_REGISTRY_URL,
            schemaRegistryUrl,
            "consumer.session.timeout.ms",
            MILLIS,
            "producer.transaction.timeout.ms",
            MILLIS));
  }
}
