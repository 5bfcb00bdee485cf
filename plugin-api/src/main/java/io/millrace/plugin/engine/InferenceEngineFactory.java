package io.millrace.plugin.engine;

/** Creates an engine; the entry point of an engine plugin. */
public interface InferenceEngineFactory {

  /**
   * What {@code engine} in a provider's settings calls it: lower case letters, digits, hyphens.
   * Never changes.
   */
  String name();

  /** One sentence. */
  String description();

  /** An engine that is not initialized; cheap, touches no native library. */
  InferenceEngine create();
}
