package io.millrace.workers.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.engine.EngineSettings;
import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Creates providers of type {@code engine}: models that run in this process. Engines and loaders
 * come from plugins.
 */
public final class EngineProviderFactory implements ProviderFactory {

  /** The type's name in configuration. */
  public static final String TYPE = "engine";

  /** The longest that loading a model at the start may take. */
  private static final Duration PRELOAD_TIMEOUT = Duration.ofMinutes(10);

  private final List<InferenceEngineFactory> engines;
  private final List<ModelLoader> loaders;
  private final MeterRegistry meters;
  private final EngineEvents events;
  private final InstantSource clock;

  /** Providers that use these engines and loaders, the first that fits. */
  public EngineProviderFactory(
      Collection<InferenceEngineFactory> engines,
      Collection<ModelLoader> loaders,
      MeterRegistry meters,
      EngineEvents events,
      InstantSource clock) {
    this.engines = List.copyOf(engines);
    this.loaders = List.copyOf(loaders);
    this.meters = meters;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public String type() {
    return TYPE;
  }

  /**
   * Creates a provider; where {@code preload} is set its models are loaded before this returns.
   *
   * @throws IllegalArgumentException also when such a model cannot be loaded
   */
  @Override
  public Provider create(String name, Map<String, Object> settings) {
    EngineProviderSettings read =
        EngineProviderSettings.of(settings, Runtime.getRuntime().availableProcessors());
    Engines available =
        new Engines(read.engine(), engines, loaders, new EngineSettings(read.threads()));
    read.models().values().forEach(location -> check(available, location));
    EngineMeters engineMeters = new EngineMeters(meters, name);
    ModelJournal journal = new ModelJournal(name, engineMeters, events, read.callEvents());
    ModelShelf shelf = new ModelShelf(name, available, read.models(), journal, clock);
    EngineProvider provider =
        new EngineProvider(
            name,
            List.copyOf(read.models().keySet()),
            shelf,
            new InferencePool(name, read.maxConcurrent(), read.maxQueued(), engineMeters),
            journal,
            engineMeters);
    if (read.preload()) {
      preload(provider, shelf, read.models().keySet());
    }
    return provider;
  }

  private static void preload(Provider provider, ModelShelf shelf, Collection<String> models) {
    String model = "";
    try {
      for (String next : models) {
        model = next;
        shelf.get(next, PRELOAD_TIMEOUT);
      }
    } catch (ModelException e) {
      provider.close();
      throw new IllegalArgumentException("model_files.%s: %s".formatted(model, e.getMessage()), e);
    } catch (TimeoutException e) {
      provider.close();
      throw new IllegalArgumentException(
          "model_files.%s: loading takes more than %s".formatted(model, PRELOAD_TIMEOUT), e);
    } catch (InterruptedException e) {
      provider.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while loading model_files." + model, e);
    }
  }

  private static void check(Engines available, ModelLocation location) {
    Path path = location.path();
    if (path != null && !Files.exists(path)) {
      throw new IllegalArgumentException(
          "model_files.%s.path: there is no %s".formatted(location.name(), path.toAbsolutePath()));
    }
    available.check(location);
  }
}
