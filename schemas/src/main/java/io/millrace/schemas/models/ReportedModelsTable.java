package io.millrace.schemas.models;

import io.millrace.plugin.provider.ModelInfo;
import io.millrace.schemas.avro.ReportedModels;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TableChange;
import io.millrace.schemas.kafka.TableRules;
import io.millrace.schemas.kafka.TopicTable;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What providers say of their models, read from the provider-models topic and kept up to date. A
 * record that is not understood leaves what was known before. Thread-safe.
 */
public final class ReportedModelsTable implements ReportedModelsView, AutoCloseable {

  private final Rules rules;
  private final TopicTable<ReportedModels, String, List<ModelInfo>> reports;

  private ReportedModelsTable(
      Rules rules, TopicTable<ReportedModels, String, List<ModelInfo>> reports) {
    this.rules = rules;
    this.reports = reports;
  }

  /**
   * Begins to read; what it knows before it has {@link #caughtUp()} is not the whole.
   *
   * @param reader names the thread that reads, e.g. {@code hooks}
   */
  public static ReportedModelsTable start(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes, String reader) {
    Rules rules = new Rules();
    return new ReportedModelsTable(
        rules,
        TopicTable.start(
            topics.providerModels().name(),
            serdes.forType(ReportedModels.class).deserializer(),
            rules,
            connection,
            "millrace-provider-models-" + reader));
  }

  /** Whether everything that was there at the start is known. */
  public boolean caughtUp() {
    return reports.caughtUp();
  }

  @Override
  public Map<String, List<ModelInfo>> byProvider() {
    return rules.byProvider;
  }

  /** Stops reading; what is known stays. */
  @Override
  public void close() {
    reports.close();
  }

  /** By provider. Who looks often tells by the object whether anything has changed. */
  private static final class Rules implements TableRules<ReportedModels, String, List<ModelInfo>> {

    private volatile Map<String, List<ModelInfo>> byProvider = Map.of();

    @Override
    public Optional<String> key(String recordKey) {
      return Optional.of(recordKey);
    }

    @Override
    public TableChange<List<ModelInfo>> read(ReportedModels report) {
      return new TableChange.Put<>(ModelReports.toModel(report));
    }

    @Override
    public void changed(String provider, @Nullable List<ModelInfo> models) {
      Map<String, List<ModelInfo>> next = new HashMap<>(byProvider);
      if (models == null) {
        next.remove(provider);
      } else {
        next.put(provider, models);
      }
      byProvider = Map.copyOf(next);
    }
  }
}
