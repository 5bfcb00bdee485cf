package io.millrace.plugin.engine;

import java.util.Set;

/**
 * Reads models of one format; the entry point of a loader plugin, or brought along by an engine
 * ({@link InferenceEngine#loaders}). The loader is chosen by the model's file extension. Stateless
 * and thread-safe; may block.
 */
public interface ModelLoader {

  /** What it is called: lower case letters, digits, hyphens. */
  String name();

  /** One sentence. */
  String description();

  /** The file extensions it reads, without the dot, in lower case. */
  Set<String> extensions();

  /** Whether it can load what is there; by default, whether the extension is one of its own. */
  default boolean canLoad(ModelLocation location) {
    return extensions().contains(location.extension());
  }

  /**
   * Finds the model and what belongs to it.
   *
   * @throws ModelException when something is missing or wrong, saying what and where
   */
  ModelSource load(ModelLocation location) throws ModelException;
}
