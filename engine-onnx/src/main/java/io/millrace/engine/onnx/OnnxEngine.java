package io.millrace.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.millrace.plugin.engine.EngineCapabilities;
import io.millrace.plugin.engine.EngineSettings;
import io.millrace.plugin.engine.InferenceEngine;
import io.millrace.plugin.engine.LoadedModel;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.engine.ModelSource;
import io.millrace.plugin.engine.ModelSource.Data;
import io.millrace.plugin.model.RequestKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs ONNX models on the processor. */
final class OnnxEngine implements InferenceEngine {

  static final String NAME = "onnx";

  /** Waiting threads sleep: a pipeline has other use for the processors than to spin on them. */
  private static final String SPINNING = "session.intra_op.allow_spinning";

  private volatile @Nullable OrtEnvironment environment;
  private volatile int threads = 1;

  @Override
  public EngineCapabilities capabilities() {
    return new EngineCapabilities(Set.of(OnnxLoader.FORMAT), Set.of(RequestKind.EMBEDDINGS), false);
  }

  @Override
  public Optional<String> unsupported() {
    String folder = Natives.folder(System.getProperty("os.name"), System.getProperty("os.arch"));
    String library = "/ai/onnxruntime/native/" + folder + "/";
    return OnnxEngine.class.getResource(library + System.mapLibraryName("onnxruntime")) != null
        ? Optional.empty()
        : Optional.of("ONNX Runtime comes without a library for " + folder);
  }

  @Override
  public List<ModelLoader> loaders() {
    return List.of(new OnnxLoader(OnnxEngine.class.getClassLoader()));
  }

  @Override
  public void initialize(EngineSettings settings) throws ModelException {
    threads = settings.threads();
    try {
      OrtEnvironment opened = OrtEnvironment.getEnvironment();
      opened.setTelemetry(false);
      environment = opened;
    } catch (OrtException | LinkageError | RuntimeException e) {
      throw new ModelException("ONNX Runtime cannot be started: " + e, e);
    }
  }

  @Override
  public LoadedModel load(ModelSource source) throws ModelException {
    OrtEnvironment opened = environment;
    if (opened == null) {
      throw new IllegalStateException("not initialized");
    }
    EmbeddingOptions options = EmbeddingOptions.of(source.location());
    WordPiece tokenizer = WordPiece.read(source.part(OnnxLoader.TOKENIZER));
    OrtSession session = session(opened, source);
    try {
      Encoder encoder = new Encoder(opened, session, options);
      tryLongest(encoder, options);
      return new EmbeddingModel(
          source.location().name(), encoder, tokenizer, options, InstantSource.system());
    } catch (ModelException | RuntimeException e) {
      close(session);
      throw e;
    }
  }

  /** What fails at the longest input shall fail now, and the first call find warm memory. */
  private static void tryLongest(Encoder encoder, EmbeddingOptions options) throws ModelException {
    try {
      encoder.encode(new long[options.maxTokens()]);
    } catch (OrtException e) {
      throw new ModelException(
          "the model fails at an input of %d tokens: lower max_tokens? (%s)"
              .formatted(options.maxTokens(), e.getMessage()),
          e);
    }
  }

  private OrtSession session(OrtEnvironment opened, ModelSource source) throws ModelException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.addConfigEntry(SPINNING, "0");
      return switch (source.model()) {
        case Data.OnDisk(var path) -> opened.createSession(path.toString(), options);
        case Data.InMemory(byte[] bytes) -> opened.createSession(bytes, options);
      };
    } catch (OrtException e) {
      throw new ModelException(
          "%s is no model that ONNX Runtime can run: %s"
              .formatted(source.location(), e.getMessage()),
          e);
    }
  }

  private static void close(OrtSession session) throws ModelException {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("the model cannot be closed: " + e.getMessage(), e);
    }
  }

  /** The runtime's environment belongs to the process and stays. */
  @Override
  public void close() {
    environment = null;
  }
}
