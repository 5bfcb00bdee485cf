package io.millrace.engine.onnx;

import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.List;

/** The model that comes with the engine. */
final class MiniLm {

  static final String RESOURCE = "all-minilm-l6-v2-q.onnx";
  static final int DIMENSIONS = 384;

  private MiniLm() {}

  static ModelLocation location() {
    return ModelLocation.ofResource("all-minilm-l6-v2", RESOURCE);
  }

  static ProviderRequest request(String... texts) {
    return request(Embeddings.request("local/all-minilm-l6-v2", List.of(texts)));
  }

  static ProviderRequest request(CompletionRequest request) {
    return new ProviderRequest(request, "all-minilm-l6-v2", "call", null, Duration.ofSeconds(60));
  }
}
