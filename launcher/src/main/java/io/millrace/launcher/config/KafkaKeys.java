package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.Suggestion;
import io.millrace.schemas.registry.RestSchemaRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The keys of section {@code kafka}. Classes that are plugged into a client have settings of any
 * name, so only a likely misspelling is a fault.
 */
final class KafkaKeys {

  private static final Set<String> KNOWN =
      Stream.of(
              ProducerConfig.configNames(),
              ConsumerConfig.configNames(),
              AdminClientConfig.configNames(),
              StreamsConfig.configDef().names(),
              Set.of("schema.registry.url"))
          .flatMap(Collection::stream)
          .collect(Collectors.toUnmodifiableSet());

  private KafkaKeys() {}

  static List<ConfigFault> faults(JsonNode kafka) {
    List<ConfigFault> faults = new ArrayList<>();
    kafka.fieldNames().forEachRemaining(key -> check(key, faults));
    return faults;
  }

  private static void check(String key, List<ConfigFault> faults) {
    if (RestSchemaRegistry.isRegistryKey(key) || KNOWN.contains(unprefixed(key))) {
      return;
    }
    Suggestion.nearest(unprefixed(key), KNOWN)
        .ifPresent(
            name ->
                faults.add(
                    new ConfigFault(
                        "kafka." + key,
                        "unknown Kafka client setting; did you mean '%s'?".formatted(name))));
  }

  private static String unprefixed(String key) {
    return Stream.of("producer.", "consumer.", "admin.")
        .filter(key::startsWith)
        .map(prefix -> key.substring(prefix.length()))
        .findFirst()
        .orElse(key);
  }
}
