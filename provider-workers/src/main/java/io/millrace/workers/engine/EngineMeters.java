package io.millrace.workers.engine;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;

/** Figures of one provider of type {@code engine}; models are as many as are configured. */
final class EngineMeters {

  /** How long loading a model took; the tag outcome is {@code loaded} or {@code failed}. */
  static final String LOADS = "millrace.engine.model.loads";

  /** How long calls waited for a free thread. */
  static final String QUEUE_WAIT = "millrace.engine.queue.wait";

  /** Calls that wait for a free thread. */
  static final String QUEUED = "millrace.engine.queued";

  /** Models in memory. */
  static final String MODELS = "millrace.engine.models.loaded";

  static final String PROVIDER = "provider";
  static final String MODEL = "model";
  static final String OUTCOME = "outcome";

  private final MeterRegistry registry;
  private final Tags tags;
  private final Timer queueWait;
  private final List<Gauge> gauges = new CopyOnWriteArrayList<>();

  EngineMeters(MeterRegistry registry, String provider) {
    this.registry = registry;
    this.tags = Tags.of(PROVIDER, provider);
    this.queueWait = Timer.builder(QUEUE_WAIT).tags(tags).register(registry);
  }

  void load(String model, boolean loaded, Duration took) {
    Timer.builder(LOADS)
        .tags(tags.and(MODEL, model, OUTCOME, loaded ? "loaded" : "failed"))
        .register(registry)
        .record(took);
  }

  void waited(Duration wait) {
    queueWait.record(wait);
  }

  /** Reports a figure that somebody else keeps. */
  void gauge(String name, IntSupplier value) {
    gauges.add(Gauge.builder(name, value::getAsInt).tags(tags).register(registry));
  }

  /** Takes the gauges away. */
  void close() {
    gauges.forEach(registry::remove);
  }
}
