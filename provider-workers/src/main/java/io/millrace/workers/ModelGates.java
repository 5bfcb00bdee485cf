package io.millrace.workers;

import io.millrace.schemas.health.ProviderHealthView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The gates of one provider's models. Thread-safe. */
final class ModelGates {

  /**
   * The most models with a gate of their own: callers may name models that nobody has. The one that
   * was longest without a call is forgotten first.
   */
  static final int MAX_MODELS = 1_000;

  private final String provider;
  private final ProviderSetting setting;
  private final ProviderHealthView health;
  private final DoubleSupplier random;
  private final TimeSource time;
  private final CallMeters meters;
  private final String process;
  private final WorkerEvents events;
  private final Map<String, ModelGate> gates =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ModelGate> eldest) {
          return size() > MAX_MODELS;
        }
      };

  /**
   * The gates.
   *
   * @param process what events call this process
   */
  ModelGates(
      String provider,
      ProviderSetting setting,
      ProviderHealthView health,
      DoubleSupplier random,
      TimeSource time,
      CallMeters meters,
      String process,
      WorkerEvents events) {
    this.provider = provider;
    this.setting = setting;
    this.health = health;
    this.random = random;
    this.time = time;
    this.meters = meters;
    this.process = process;
    this.events = events;
    setting.models().forEach(this::report);
  }

  /** The gate of a model. */
  ModelGate of(String model) {
    synchronized (gates) {
      return gates.computeIfAbsent(model, this::open);
    }
  }

  private ModelGate open(String model) {
    SharedHealth shared = new SharedHealth(health, provider, model, time);
    CircuitNews news = new CircuitNews(provider, model, process, events, time);
    return new ModelGate(model, setting, shared, random, time, meters, news);
  }

  private void report(String model) {
    meters.modelGauge(CallMeters.CIRCUIT_SHARE, model, () -> of(model).share());
    meters.modelGauge(CallMeters.CONCURRENCY_LIMIT, model, () -> of(model).limit());
  }
}
