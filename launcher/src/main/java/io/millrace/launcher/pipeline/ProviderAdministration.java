package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.plugins.schema.Suggestion;
import io.millrace.schemas.health.ProviderOrder;
import io.millrace.schemas.kafka.KafkaConnection;
import java.time.Instant;
import java.util.List;

/**
 * Shows and blocks the providers of one pipeline. Thread-safe; every call reads or writes topics.
 */
public final class ProviderAdministration {

  private final MillraceConfig config;
  private final KafkaConnection connection;

  /** Administration of the pipeline that has these topics. */
  public ProviderAdministration(MillraceConfig config, KafkaConnection connection) {
    this.config = config;
    this.connection = connection;
  }

  /**
   * Every model of every provider.
   *
   * @throws PipelineException when the topics cannot be read
   */
  public List<ProviderRow> list() {
    return ProviderRow.of(config, ProviderSnapshot.read(connection, config));
  }

  /**
   * Orders every process to call a provider or a model no more, or again. Returns when the broker
   * has it; the processes follow within a second or so.
   *
   * @param by who orders it
   * @throws IllegalArgumentException when there is no such provider or model to block
   * @throws PipelineException when the broker does not take it
   */
  public void order(ProviderOrder order, boolean block, String by) {
    if (block) {
      requireKnown(order, config);
    }
    ControlTopic.order(
        order.blocked(block, Instant.now(), by), connection, config.topicCatalogue());
  }

  /**
   * Checks that the configuration has it.
   *
   * @throws IllegalArgumentException when it has not, with what it has
   */
  public static void requireKnown(ProviderOrder order, MillraceConfig config) {
    var section = config.providers().get(order.provider());
    if (section == null) {
      throw new IllegalArgumentException(
          "the configuration has no provider '%s'; %s"
              .formatted(
                  order.provider(),
                  Suggestion.of(order.provider(), List.copyOf(config.providers().keySet()))));
    }
    String model = order.model();
    boolean open = section.models().isEmpty() || section.discoverModels();
    if (model != null && !open && !section.models().contains(model)) {
      throw new IllegalArgumentException(
          "provider %s has no model '%s'; %s"
              .formatted(order.provider(), model, Suggestion.of(model, section.models())));
    }
  }
}
