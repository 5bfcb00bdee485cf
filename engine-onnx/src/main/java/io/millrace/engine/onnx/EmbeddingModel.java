package io.millrace.engine.onnx;

import ai.onnxruntime.OrtException;
import io.millrace.plugin.engine.LoadedModel;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A sentence model in memory. */
final class EmbeddingModel implements LoadedModel {

  private final String name;
  private final Encoder encoder;
  private final WordPiece tokenizer;
  private final EmbeddingOptions options;
  private final InstantSource clock;

  EmbeddingModel(
      String name,
      Encoder encoder,
      WordPiece tokenizer,
      EmbeddingOptions options,
      InstantSource clock) {
    this.name = name;
    this.encoder = encoder;
    this.tokenizer = tokenizer;
    this.options = options;
    this.clock = clock;
  }

  /** Longer inputs are cut, so there is no bound on them. */
  @Override
  public ModelInfo info() {
    return new ModelInfo(
        name, true, false, false, false, Set.of(), null, null, null, null, null, null, null, null,
        null, null, null);
  }

  @Override
  public Set<RequestKind> kinds() {
    return Set.of(RequestKind.EMBEDDINGS);
  }

  @Override
  public ProviderReply execute(ProviderRequest request, @Nullable ChunkSink chunks)
      throws InterruptedException {
    String dimensions = request.request().extra().getOrDefault("dimensions", "null");
    if (!dimensions.equals("null") && !dimensions.equals(Integer.toString(encoder.dimensions()))) {
      return rejected(
          "model %s has vectors of %d dimensions, not of %s"
              .formatted(name, encoder.dimensions(), cut(dimensions)));
    }
    try {
      return vectors(request, Embeddings.texts(request.request()));
    } catch (IllegalArgumentException e) {
      return rejected(String.valueOf(e.getMessage()));
    } catch (OrtException e) {
      return failed("ONNX Runtime failed with " + e.getCode());
    }
  }

  private ProviderReply vectors(ProviderRequest request, List<String> texts)
      throws OrtException, InterruptedException {
    long deadline = System.nanoTime() + request.timeout().toNanos();
    List<float[]> vectors = new ArrayList<>(texts.size());
    long tokens = 0;
    for (String text : texts) {
      if (Thread.interrupted()) {
        throw new InterruptedException("given up after " + vectors.size() + " inputs");
      }
      if (System.nanoTime() - deadline > 0) {
        return timedOut(request, vectors.size());
      }
      long[] input = tokenizer.tokens(text, options.maxTokens());
      tokens += input.length;
      float[] vector = encoder.encode(input);
      if (!isFinite(vector)) {
        return failed("model %s gave a vector that is not finite".formatted(name));
      }
      vectors.add(vector);
    }
    return new ProviderReply.Success(
        Embeddings.completion(
            request.callId(),
            request.model(),
            clock.instant().getEpochSecond(),
            vectors,
            Usage.of(tokens, 0)),
        null);
  }

  private static boolean isFinite(float[] vector) {
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  private static ProviderReply rejected(String message) {
    return failure(FailureClass.REQUEST_REJECTED, ErrorCode.INVALID_REQUEST.error(message));
  }

  private static ProviderReply failed(String message) {
    return failure(
        FailureClass.REQUEST_REJECTED, ErrorCode.UPSTREAM_INVALID_RESPONSE.error(message));
  }

  private static ProviderReply timedOut(ProviderRequest request, int done) {
    return failure(
        FailureClass.TIMEOUT,
        ErrorCode.UPSTREAM_TIMEOUT.error(
            "%d inputs were embedded within %d ms, then time was over"
                .formatted(done, request.timeout().toMillis())));
  }

  private static ProviderReply failure(FailureClass failure, PipelineError error) {
    return new ProviderReply.Failure(failure, error, null);
  }

  private static String cut(String text) {
    return text.length() <= 32 ? text : text.substring(0, 32) + "…";
  }

  @Override
  public void close() {
    encoder.close();
  }
}
