package io.millrace.stages;

import io.millrace.schemas.health.ProviderBlocks;
import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.models.ReportedModelsTable;
import io.millrace.schemas.models.ReportedModelsView;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.routing.Router;
import io.millrace.stages.routing.Routing;
import org.jspecify.annotations.Nullable;

/**
 * What topics tell the stages about providers.
 *
 * @param blocks which ones operators have blocked
 * @param health how they are
 * @param models which models they report; null where none is asked
 */
record ProviderTopics(
    ProviderBlocks blocks, ProviderHealthTable health, @Nullable ReportedModelsTable models) {

  private static final String READER = "hooks";

  /** Begins to follow them; {@code opened} closes them again. */
  static ProviderTopics follow(
      Routing routing,
      TopicCatalogue topics,
      KafkaConnection connection,
      AvroSerdes serdes,
      Opened opened) {
    return new ProviderTopics(
        opened.add(ProviderBlocks.start(topics, connection, serdes, READER)),
        opened.add(ProviderHealthTable.start(topics, connection, serdes, READER)),
        routing.reported().isEmpty()
            ? null
            : opened.add(ReportedModelsTable.start(topics, connection, serdes, READER)));
  }

  /** What routing goes by; it changes as the topics do. */
  Router.Known known() {
    return new Router.Known(health, blocks, models == null ? ReportedModelsView.NONE : models);
  }

  /** Whether all that they said before the start is known. */
  boolean caughtUp() {
    return blocks.caughtUp() && health.caughtUp() && (models == null || models.caughtUp());
  }
}
