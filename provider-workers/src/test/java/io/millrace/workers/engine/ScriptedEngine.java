package io.millrace.workers.engine;

import io.millrace.plugin.engine.EngineCapabilities;
import io.millrace.plugin.engine.EngineSettings;
import io.millrace.plugin.engine.InferenceEngine;
import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.LoadedModel;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.engine.ModelSource;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An engine whose loads and calls do what a test says, and that counts what is asked of it. */
final class ScriptedEngine implements InferenceEngineFactory {

  final AtomicInteger initialized = new AtomicInteger();
  final AtomicInteger loads = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger engineCloses = new AtomicInteger();

  volatile Callable<ProviderReply> call = () -> success("answer");
  volatile LoadStep load = () -> {};
  volatile Optional<String> unsupported = Optional.empty();

  private final String name;
  private final String format;

  ScriptedEngine(String name, String format) {
    this.name = name;
    this.format = format;
  }

  /** What happens while a model is loaded. */
  interface LoadStep {
    void run() throws ModelException;
  }

  static ProviderReply success(String text) {
    return new ProviderReply.Success(
        Completion.ofText("id", "model", 0, text, Usage.of(1, 1)), null);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "Does what a test says.";
  }

  @Override
  public InferenceEngine create() {
    return new Engine();
  }

  private final class Engine implements InferenceEngine {
    @Override
    public EngineCapabilities capabilities() {
      return new EngineCapabilities(Set.of(format), Set.of(RequestKind.CHAT), true);
    }

    @Override
    public Optional<String> unsupported() {
      return unsupported;
    }

    @Override
    public List<ModelLoader> loaders() {
      return List.of(new Loader(format));
    }

    @Override
    public void initialize(EngineSettings settings) {
      initialized.incrementAndGet();
    }

    @Override
    public LoadedModel load(ModelSource source) throws ModelException {
      loads.incrementAndGet();
      load.run();
      open.incrementAndGet();
      return new Model(source.location().name());
    }

    @Override
    public void close() {
      engineCloses.incrementAndGet();
    }
  }

  private final class Model implements LoadedModel {
    private final String name;

    Model(String name) {
      this.name = name;
    }

    @Override
    public ModelInfo info() {
      return ModelInfo.of(name);
    }

    @Override
    public Set<RequestKind> kinds() {
      return Set.of(RequestKind.CHAT);
    }

    @Override
    public ProviderReply execute(ProviderRequest request, @Nullable ChunkSink chunks)
        throws ChunkSink.StoppedException, InterruptedException {
      try {
        if (chunks != null) {
          chunks.accept("{}");
        }
        return call.call();
      } catch (ChunkSink.StoppedException | InterruptedException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  /** Reads nothing. */
  record Loader(String format) implements ModelLoader {
    @Override
    public String name() {
      return format;
    }

    @Override
    public String description() {
      return "Reads nothing.";
    }

    @Override
    public Set<String> extensions() {
      return Set.of(format);
    }

    @Override
    public ModelSource load(ModelLocation location) {
      return new ModelSource(
          location, format, new ModelSource.Data.InMemory(new byte[0]), Map.of());
    }
  }
}
