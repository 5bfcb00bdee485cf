package io.millrace.engine.onnx;

import io.millrace.plugin.engine.InferenceEngine;
import io.millrace.plugin.engine.InferenceEngineFactory;

/** The engine {@code onnx}; the plugin's entry point. */
public final class OnnxEngineFactory implements InferenceEngineFactory {

  /** For the service loader. */
  public OnnxEngineFactory() {}

  @Override
  public String name() {
    return OnnxEngine.NAME;
  }

  @Override
  public String description() {
    return "Sentence embeddings with ONNX Runtime, from models of the BERT family.";
  }

  @Override
  public InferenceEngine create() {
    return new OnnxEngine();
  }
}
