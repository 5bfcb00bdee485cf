package io.millrace.plugin.engine;

import java.util.List;
import java.util.Optional;

/**
 * Runs models in this process. Life: created by its factory, asked whether it is {@link
 * #unsupported}, initialized once, asked to load models, closed once after all of its models are.
 * Thread-safe from {@link #initialize} on.
 */
public interface InferenceEngine extends AutoCloseable {

  /** What it can do; known before it is initialized. */
  EngineCapabilities capabilities();

  /** Why it cannot run on this machine, in one sentence; empty when it can. */
  default Optional<String> unsupported() {
    return Optional.empty();
  }

  /** Loaders for the formats it runs, so that one plugin is enough. */
  default List<ModelLoader> loaders() {
    return List.of();
  }

  /** Whether it runs such a model; by default, whether the format is one of its own. */
  default boolean supports(ModelSource source) {
    return capabilities().formats().contains(source.format());
  }

  /**
   * Prepares the engine.
   *
   * @throws ModelException when it cannot run, saying why
   */
  void initialize(EngineSettings settings) throws ModelException;

  /**
   * Makes a model ready to run. May take seconds and block.
   *
   * @throws ModelException when it is no model that this engine can run, saying why; nothing stays
   *     in memory then
   */
  LoadedModel load(ModelSource source) throws ModelException;

  /** Releases what does not belong to a model. Called once. */
  @Override
  void close();
}
