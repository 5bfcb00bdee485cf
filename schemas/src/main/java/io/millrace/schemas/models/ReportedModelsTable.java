package io.millrace.schemas.models;

import io.millrace.plugin.provider.ModelInfo;
import io.millrace.schemas.avro.ReportedModels;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicFollower;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What providers say of their models, read from the provider-models topic and kept up to date. A
 * record that is not understood leaves what was known before. Thread-safe.
 */
public final class ReportedModelsTable implements ReportedModelsView, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReportedModelsTable.class);

  private final String topic;
  private final Deserializer<ReportedModels> values;
  private volatile Map<String, List<ModelInfo>> known = Map.of();
  private @Nullable TopicFollower follower;

  private ReportedModelsTable(String topic, Deserializer<ReportedModels> values) {
    this.topic = topic;
    this.values = values;
  }

  /**
   * Begins to read; what it knows before it has {@link #caughtUp()} is not the whole.
   *
   * @param reader names the thread that reads, e.g. {@code hooks}
   */
  public static ReportedModelsTable start(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes, String reader) {
    ReportedModelsTable table =
        new ReportedModelsTable(
            topics.providerModels().name(), serdes.forType(ReportedModels.class).deserializer());
    table.follower =
        TopicFollower.start(
            table.topic, connection, "millrace-provider-models-" + reader, table::follow);
    return table;
  }

  /** Whether everything that was there at the start is known. */
  public boolean caughtUp() {
    return follower != null && follower.caughtUp();
  }

  @Override
  public Map<String, List<ModelInfo>> byProvider() {
    return known;
  }

  /** Called by one thread. */
  private void follow(ConsumerRecord<String, byte[]> record) {
    try {
      ReportedModels report = values.deserialize(topic, record.value());
      Map<String, List<ModelInfo>> next = new HashMap<>(known);
      if (report == null) {
        next.remove(record.key());
      } else {
        next.put(record.key(), ModelReports.toModel(report));
      }
      known = Map.copyOf(next);
    } catch (UndecodableValueException e) {
      LOG.warn(
          "the models of {} at offset {} of {} are not understood: {}",
          record.key(),
          record.offset(),
          topic,
          e.getMessage());
    }
  }

  /** Stops reading; what is known stays. */
  @Override
  public void close() {
    if (follower != null) {
      follower.close();
    }
  }
}
