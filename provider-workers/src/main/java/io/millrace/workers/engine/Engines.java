package io.millrace.workers.engine;

import io.millrace.plugin.engine.EngineSettings;
import io.millrace.plugin.engine.InferenceEngine;
import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.LoadedModel;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.engine.ModelSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The engines of one provider. Chooses the loader by the model and the engine by the format; an
 * engine is initialized when its first model comes. Not thread-safe but for {@link #check}.
 */
final class Engines implements AutoCloseable {

  private final @Nullable String only;
  private final EngineSettings settings;
  private final Map<String, InferenceEngine> engines = new LinkedHashMap<>();
  private final List<ModelLoader> loaders = new ArrayList<>();
  private final TreeSet<String> initialized = new TreeSet<>();

  /**
   * A model and the engine that runs it.
   *
   * @param engine the engine's name
   */
  record Placed(LoadedModel model, String engine) {}

  /**
   * Engines that are not initialized.
   *
   * @param only the engine to use, or null for the first that runs a model
   * @throws IllegalArgumentException when there is no engine of that name, or none at all
   */
  Engines(
      @Nullable String only,
      Collection<InferenceEngineFactory> factories,
      Collection<ModelLoader> loaders,
      EngineSettings settings) {
    this.only = only;
    this.settings = settings;
    if (only != null && factories.stream().noneMatch(factory -> factory.name().equals(only))) {
      throw new IllegalArgumentException(
          "there is no engine '%s': %s".formatted(only, known(factories)));
    }
    if (factories.isEmpty()) {
      throw new IllegalArgumentException("there is no engine: " + known(factories));
    }
    this.loaders.addAll(loaders);
    for (InferenceEngineFactory factory : factories) {
      if (only == null || factory.name().equals(only)) {
        InferenceEngine engine = factory.create();
        engines.put(factory.name(), engine);
        this.loaders.addAll(engine.loaders());
      }
    }
  }

  /**
   * Whether there is a loader for a model; reads nothing.
   *
   * @throws IllegalArgumentException when there is none, naming the formats there are
   */
  void check(ModelLocation location) {
    if (loaderOf(location).isEmpty()) {
      throw new IllegalArgumentException(
          "model_files." + location.name() + ": " + noLoader(location));
    }
  }

  /**
   * Loads a model into the first engine that runs it.
   *
   * @throws ModelException when none does, or loading fails
   */
  Placed load(ModelLocation location) throws ModelException {
    ModelLoader loader =
        loaderOf(location).orElseThrow(() -> new ModelException(noLoader(location)));
    ModelSource source = loader.load(location);
    List<String> refusals = new ArrayList<>();
    for (Map.Entry<String, InferenceEngine> entry : engines.entrySet()) {
      InferenceEngine engine = entry.getValue();
      Optional<String> why = engine.unsupported();
      if (why.isPresent()) {
        refusals.add("engine " + entry.getKey() + " does not run here: " + why.get());
      } else if (!engine.supports(source)) {
        refusals.add("engine %s does not run %s".formatted(entry.getKey(), source.format()));
      } else {
        initialize(entry.getKey(), engine);
        return new Placed(engine.load(source), entry.getKey());
      }
    }
    throw new ModelException("no engine runs it: " + String.join("; ", refusals));
  }

  private void initialize(String name, InferenceEngine engine) throws ModelException {
    if (!initialized.contains(name)) {
      engine.initialize(settings);
      initialized.add(name);
    }
  }

  private Optional<ModelLoader> loaderOf(ModelLocation location) {
    return loaders.stream().filter(loader -> loader.canLoad(location)).findFirst();
  }

  private String noLoader(ModelLocation location) {
    TreeSet<String> extensions = new TreeSet<>();
    loaders.forEach(loader -> extensions.addAll(loader.extensions()));
    return "nothing loads %s: there are loaders for files that end in %s%s"
        .formatted(
            location,
            extensions.isEmpty() ? "nothing at all" : "." + String.join(", .", extensions),
            only == null ? "" : " (only engine " + only + " is asked)");
  }

  private static String known(Collection<InferenceEngineFactory> factories) {
    return factories.isEmpty()
        ? "list a plugin that brings one under plugins, such as engine-onnx"
        : "engines are "
            + String.join(", ", factories.stream().map(InferenceEngineFactory::name).toList());
  }

  @Override
  public void close() {
    engines.values().forEach(InferenceEngine::close);
    engines.clear();
  }
}
