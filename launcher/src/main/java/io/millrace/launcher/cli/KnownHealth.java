package io.millrace.launcher.cli;

import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.health.ProviderHealthView;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** What a pipeline that runs, if there is one, says of the health of its providers. */
final class KnownHealth implements AutoCloseable {

  /** How long a cluster may take to tell. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final @Nullable SchemaRegistry registry;
  private final @Nullable ProviderHealthTable table;
  private final String description;

  private KnownHealth(
      @Nullable SchemaRegistry registry, @Nullable ProviderHealthTable table, String description) {
    this.registry = registry;
    this.table = table;
    this.description = description;
  }

  /** Asks the cluster, where one is named or found. */
  static KnownHealth of(Optional<KafkaConnection> connection, TopicCatalogue topics) {
    return connection
        .map(found -> read(found, topics))
        .orElseGet(() -> new KnownHealth(null, null, "not known: no pipeline runs here"));
  }

  private static KnownHealth read(KafkaConnection connection, TopicCatalogue topics) {
    SchemaRegistry registry = connection.openRegistry();
    ProviderHealthTable table = null;
    try {
      table = ProviderHealthTable.start(topics, connection, new AvroSerdes(registry), "explain");
      boolean all = await(table);
      return new KnownHealth(
          registry,
          table,
          all
              ? "as topic " + topics.providerHealth().name() + " has it"
              : "not known in full: the cluster did not tell within "
                  + PATIENCE.toSeconds()
                  + " s");
    } catch (KafkaException e) {
      if (table != null) {
        table.close();
      }
      registry.close();
      return new KnownHealth(null, null, "not known: " + e.getMessage());
    }
  }

  private static boolean await(ProviderHealthTable table) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!table.caughtUp() && System.nanoTime() - end < 0) {
        Thread.sleep(LOOK_AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return table.caughtUp();
  }

  ProviderHealthView view() {
    return table == null ? ProviderHealthView.UNKNOWN : table;
  }

  /** For a person. */
  String description() {
    return description;
  }

  @Override
  public void close() {
    if (table != null) {
      table.close();
    }
    if (registry != null) {
      registry.close();
    }
  }
}
