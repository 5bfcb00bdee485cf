package io.millrace.engine.onnx;

import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.tck.InferenceEngineTck;
import java.util.List;

class OnnxEngineTckTest extends InferenceEngineTck {

  @Override
  protected InferenceEngineFactory factory() {
    return new OnnxEngineFactory();
  }

  @Override
  protected List<ModelLocation> models() {
    return List.of(MiniLm.location());
  }
}
