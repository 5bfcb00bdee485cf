package io.millrace.schemas.health;

import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TableChange;
import io.millrace.schemas.kafka.TableRules;
import io.millrace.schemas.kafka.TopicTable;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The health of every provider's models, read from the provider-health topic and kept up to date. A
 * record that is not understood leaves what was known before. Thread-safe.
 */
public final class ProviderHealthTable implements ProviderHealthView, AutoCloseable {

  private final TopicTable<ProviderHealth, String, ProviderHealth> health;

  private ProviderHealthTable(TopicTable<ProviderHealth, String, ProviderHealth> health) {
    this.health = health;
  }

  /**
   * Begins to read; what it knows before it has {@link #caughtUp()} is not the whole.
   *
   * @param reader names the thread that reads, e.g. {@code hooks}
   */
  public static ProviderHealthTable start(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes, String reader) {
    return new ProviderHealthTable(
        TopicTable.start(
            topics.providerHealth().name(),
            serdes.forType(ProviderHealth.class).deserializer(),
            new Rules(),
            connection,
            "millrace-provider-health-" + reader));
  }

  /** The record's key for a model of a provider. */
  public static String key(String provider, String model) {
    return provider + "/" + model;
  }

  /** Whether everything that was there at the start is known. */
  public boolean caughtUp() {
    return health.caughtUp();
  }

  @Override
  public Optional<ProviderHealth> of(String provider, String model) {
    return Optional.ofNullable(health.known().get(key(provider, model)));
  }

  /** The last known health of every model of a provider, in no order. */
  public List<ProviderHealth> of(String provider) {
    return health.known().values().stream()
        .filter(each -> each.getProvider().equals(provider))
        .toList();
  }

  /** Everything that is known, by {@link #key}; the records are not changed. */
  public Map<String, ProviderHealth> all() {
    return Map.copyOf(health.known());
  }

  /** Stops reading; what is known stays. */
  @Override
  public void close() {
    health.close();
  }

  /** By {@link #key}, as they are. */
  private static final class Rules implements TableRules<ProviderHealth, String, ProviderHealth> {

    @Override
    public Optional<String> key(String recordKey) {
      return Optional.of(recordKey);
    }

    @Override
    public TableChange<ProviderHealth> read(ProviderHealth health) {
      return new TableChange.Put<>(health);
    }
  }
}
