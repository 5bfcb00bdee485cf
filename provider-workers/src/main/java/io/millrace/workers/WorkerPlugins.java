package io.millrace.workers;

import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.provider.ProviderFactory;
import java.util.Collection;
import java.util.List;

/**
 * What plugins bring to the workers. Immutable.
 *
 * @param types provider types; they win over those on the class path
 * @param engines what runs models in the worker's process, for models that have no address
 * @param loaders readers of model formats, beside those that engines bring along
 */
public record WorkerPlugins(
    List<ProviderFactory> types, List<InferenceEngineFactory> engines, List<ModelLoader> loaders) {

  /** Copies the lists. */
  public WorkerPlugins {
    types = List.copyOf(types);
    engines = List.copyOf(engines);
    loaders = List.copyOf(loaders);
  }

  /** Provider types alone. */
  public static WorkerPlugins ofTypes(Collection<ProviderFactory> types) {
    return new WorkerPlugins(List.copyOf(types), List.of(), List.of());
  }
}
