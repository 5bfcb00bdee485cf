package io.millrace.launcher.cli;

import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.health.ProviderBlocks;
import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.health.ProviderHealthView;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.models.ReportedModelsTable;
import io.millrace.schemas.models.ReportedModelsView;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.routing.Router;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline that runs, if there is one, says of its providers: their health, what is blocked.
 */
final class KnownProviders implements AutoCloseable {

  /** How long a cluster may take to tell. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String READER = "explain";

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final @Nullable SchemaRegistry registry;
  private final @Nullable ProviderHealthTable table;
  private final @Nullable ProviderBlocks blocks;
  private final @Nullable ReportedModelsTable models;
  private final String description;

  private KnownProviders(
      @Nullable SchemaRegistry registry,
      @Nullable ProviderHealthTable table,
      @Nullable ProviderBlocks blocks,
      @Nullable ReportedModelsTable models,
      String description) {
    this.registry = registry;
    this.table = table;
    this.blocks = blocks;
    this.models = models;
    this.description = description;
  }

  private static KnownProviders nothing(String why) {
    return new KnownProviders(null, null, null, null, "not known: " + why);
  }

  /** Asks the cluster, where one is named or found. */
  static KnownProviders of(Optional<KafkaConnection> connection, TopicCatalogue topics) {
    return connection
        .map(found -> read(found, topics))
        .orElseGet(() -> nothing("no pipeline runs here"));
  }

  private static KnownProviders read(KafkaConnection connection, TopicCatalogue topics) {
    SchemaRegistry registry = connection.openRegistry();
    AvroSerdes serdes = new AvroSerdes(registry);
    ProviderHealthTable table = null;
    ProviderBlocks blocks = null;
    ReportedModelsTable models = null;
    try {
      table = ProviderHealthTable.start(topics, connection, serdes, READER);
      blocks = ProviderBlocks.start(topics, connection, serdes, READER);
      models = ReportedModelsTable.start(topics, connection, serdes, READER);
      boolean all = await(table, blocks, models);
      return new KnownProviders(
          registry,
          table,
          blocks,
          models,
          all
              ? "as topic " + topics.providerHealth().name() + " has it"
              : "not known in full: the cluster did not tell within "
                  + PATIENCE.toSeconds()
                  + " s");
    } catch (KafkaException e) {
      new KnownProviders(registry, table, blocks, models, "").close();
      return nothing(String.valueOf(e.getMessage()));
    }
  }

  private static boolean await(
      ProviderHealthTable table, ProviderBlocks blocks, ReportedModelsTable models) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean all = false;
    try {
      while (!all && System.nanoTime() - end < 0) {
        Thread.sleep(LOOK_AGAIN);
        all = table.caughtUp() && blocks.caughtUp() && models.caughtUp();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return all;
  }

  /** For a router. */
  Router.Known forRouter() {
    return new Router.Known(
        table == null ? ProviderHealthView.UNKNOWN : table,
        blocks == null ? ProviderBlockView.NONE : blocks,
        models == null ? ReportedModelsView.NONE : models);
  }

  /** For a person. */
  String description() {
    return description;
  }

  @Override
  public void close() {
    if (models != null) {
      models.close();
    }
    if (blocks != null) {
      blocks.close();
    }
    if (table != null) {
      table.close();
    }
    if (registry != null) {
      registry.close();
    }
  }
}
