package io.millrace.ingest;

import io.millrace.schemas.models.ReportedModelsView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The models that callers may name: those of the configuration, and in the place of {@link
 * ModelInfo#allOf} what the provider says it has. Thread-safe.
 *
 * @param configured as the configuration has them
 * @param reported what providers say
 */
record KnownModels(List<ModelInfo> configured, ReportedModelsView reported) {

  /** Each that may be used once, in the order of the configuration. */
  List<ModelInfo> now() {
    Map<String, ModelInfo> known = new LinkedHashMap<>();
    for (ModelInfo model : configured) {
      expand(model).forEach(each -> known.putIfAbsent(each.id(), each));
    }
    known.values().removeIf(model -> !model.enabled());
    return new ArrayList<>(known.values());
  }

  private List<ModelInfo> expand(ModelInfo model) {
    if (!model.standsForAll()) {
      return List.of(model);
    }
    return reported.byProvider().getOrDefault(model.ownedBy(), List.of()).stream()
        .map(each -> new ModelInfo(model.ownedBy() + "/" + each.name(), model.ownedBy()))
        .toList();
  }
}
