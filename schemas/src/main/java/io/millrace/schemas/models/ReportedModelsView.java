package io.millrace.schemas.models;

import io.millrace.plugin.provider.ModelInfo;
import java.util.List;
import java.util.Map;

/** What providers say of their models. Thread-safe; looking up never waits. */
@FunctionalInterface
public interface ReportedModelsView {

  /** Nobody has said anything. */
  ReportedModelsView NONE = Map::of;

  /**
   * The models of each provider that said something, in the provider's order. Immutable, and as a
   * rule the same object until something changes.
   */
  Map<String, List<ModelInfo>> byProvider();
}
