package io.millrace.schemas.models;

import io.millrace.plugin.provider.ModelInfo;
import io.millrace.schemas.avro.ReportedModel;
import io.millrace.schemas.avro.ReportedModels;
import io.millrace.schemas.model.TrustedRecords;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns what a provider says of its models into records and back. */
public final class ModelReports {

  /** The most models that are kept of one provider, the first ones. */
  public static final int MAX_MODELS = 1_000;

  private static final int MAX_NAME_CHARACTERS = 256;
  private static final int MAX_DOMAINS = 16;

  static {
    TrustedRecords.trust();
  }

  private ModelReports() {}

  /** The models that are kept: with a name that can be called by, each once, within the bound. */
  public static List<ModelInfo> kept(List<ModelInfo> models) {
    Map<String, ModelInfo> kept = new LinkedHashMap<>();
    for (ModelInfo model : models) {
      if (kept.size() < MAX_MODELS && usable(model.name())) {
        kept.putIfAbsent(model.name(), model);
      }
    }
    return List.copyOf(kept.values());
  }

  /**
   * A record for the topic.
   *
   * @param worker who asked
   */
  public static ReportedModels toAvro(
      String provider, List<ModelInfo> models, Instant at, String worker) {
    return new ReportedModels(
        provider,
        kept(models).stream().map(ModelReports::toAvro).toList(),
        at.toEpochMilli(),
        worker);
  }

  /** What a record says; anybody may have written it, so the bounds hold here, too. */
  public static List<ModelInfo> toModel(ReportedModels report) {
    return kept(report.getModels().stream().map(ModelReports::toModel).toList());
  }

  private static boolean usable(String name) {
    return !name.isBlank()
        && name.length() <= MAX_NAME_CHARACTERS
        && name.chars().noneMatch(Character::isISOControl);
  }

  private static ReportedModel toAvro(ModelInfo model) {
    return new ReportedModel(
        model.name(),
        model.streaming(),
        model.vision(),
        model.domains().stream().sorted().limit(MAX_DOMAINS).toList(),
        model.maxTokens(),
        model.maxInputTokens(),
        model.maxOutputTokens(),
        model.parametersBillions());
  }

  private static ModelInfo toModel(ReportedModel model) {
    return new ModelInfo(
        model.getName(),
        true,
        false,
        model.getStreaming(),
        model.getVision(),
        new HashSet<>(model.getDomains()),
        null,
        null,
        null,
        null,
        model.getMaxTokens(),
        model.getMaxInputTokens(),
        model.getMaxOutputTokens(),
        null,
        null,
        model.getParametersBillions(),
        null);
  }
}
