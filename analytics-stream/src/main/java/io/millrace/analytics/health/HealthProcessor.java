package io.millrace.analytics.health;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderHealthTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Watches the models of the providers whose calls come by, and publishes their health: a change of
 * state at once, figures at most once a second. What it knows is in memory, and in the store every
 * {@link #SAVE_INTERVAL} and with each change of state; a crash loses the figures since then, and
 * no state that anybody has seen.
 */
public final class HealthProcessor
    extends ContextualProcessor<String, ProviderCall, String, @Nullable ProviderHealth> {

  /** Under which model a look after a whole provider is recorded. */
  public static final String WHOLE_PROVIDER = "*";

  /** The most models watched by a task at once. */
  static final int MAX_MODELS = 500;

  /** A call that ended longer ago than this says nothing of how its provider is now. */
  static final Duration STALE_AFTER = Duration.ofMinutes(1);

  /** How often time passes for the rules. */
  static final Duration TICK = Duration.ofMillis(250);

  /** How often figures are published. */
  static final Duration FIGURES_INTERVAL = Duration.ofSeconds(1);

  /** How often figures are written to the store. */
  static final Duration SAVE_INTERVAL = Duration.ofSeconds(5);

  /** A model that is fit and not called for this long is forgotten. */
  static final Duration FORGET_AFTER = Duration.ofHours(1);

  /** One that is not fit, and not called for this long, as well: what is known of it is too old. */
  static final Duration FORGET_UNFIT_AFTER = Duration.ofHours(24);

  private final String storeName;
  private final HealthSettings settings;
  private final HealthRules rules;
  private final HealthMeters meters;
  private final Map<String, ModelHealth> models = new HashMap<>();
  private final Map<String, Runnable> shown = new HashMap<>();
  private final Recurrence figures = new Recurrence(FIGURES_INTERVAL);
  private final Recurrence saving = new Recurrence(SAVE_INTERVAL);
  private KeyValueStore<String, byte[]> store;

  /**
   * A processor of one task.
   *
   * @param storeName the store that it is connected to
   */
  public HealthProcessor(String storeName, HealthSettings settings, MeterRegistry meters) {
    this.storeName = storeName;
    this.settings = settings;
    this.rules = new HealthRules(settings);
    this.meters = new HealthMeters(meters);
  }

  @Override
  public void init(ProcessorContext<String, @Nullable ProviderHealth> context) {
    super.init(context);
    store = context.getStateStore(storeName);
    long now = context.currentSystemTimeMs();
    try (var kept = store.all()) {
      kept.forEachRemaining(
          entry -> {
            ModelHealth health = KeptHealth.read(entry.value, now);
            if (health != null) {
              watch(entry.key, health);
            }
          });
    }
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  @Override
  public void process(Record<String, ProviderCall> record) {
    ProviderCall call = record.value();
    long now = context().currentSystemTimeMs();
    if (now - record.timestamp() > STALE_AFTER.toMillis()) {
      meters.stale();
      return;
    }
    Finding finding = Finding.of(call, settings.patience(call.getProvider()));
    if (finding == Finding.NOTHING) {
      return;
    }
    if (call.getProbe() && call.getModel().equals(WHOLE_PROVIDER)) {
      addToAll(finding, call, now);
      return;
    }
    ModelHealth health = find(call, now);
    if (health != null) {
      add(health, finding, call, now);
    }
  }

  private void addToAll(Finding finding, ProviderCall call, long now) {
    for (ModelHealth health : models.values()) {
      if (health.provider().equals(call.getProvider())) {
        add(health, finding, call, now);
      }
    }
  }

  private @Nullable ModelHealth find(ProviderCall call, long now) {
    String key = ProviderHealthTable.key(call.getProvider(), call.getModel());
    ModelHealth health = models.get(key);
    if (health == null && models.size() >= MAX_MODELS) {
      meters.refused();
      return null;
    }
    if (health == null) {
      health = ModelHealth.unknown(call.getProvider(), call.getModel(), now);
      watch(key, health);
    }
    return health;
  }

  private void watch(String key, ModelHealth health) {
    models.put(key, health);
    shown.put(key, meters.show(health));
  }

  private void add(ModelHealth health, Finding finding, ProviderCall call, long now) {
    boolean changed =
        health.add(
            rules,
            finding,
            call.getProbe(),
            call.getStartedAtMillis(),
            call.getLatencyMicros(),
            now);
    if (changed) {
      publishChange(health, now);
    }
  }

  private void tick(long now) {
    for (ModelHealth health : models.values()) {
      if (health.pass(rules, now)) {
        publishChange(health, now);
      }
    }
    if (figures.isDue(now)) {
      publishFigures(now);
    }
    if (saving.isDue(now)) {
      save(now);
    }
  }

  private void publishChange(ModelHealth health, long now) {
    if (health.fitness().state() == HealthState.DOWN) {
      meters.down();
    }
    publish(health, now);
    save(health);
    // Every instance routes by this: it must not wait for the commit interval.
    context().commit();
  }

  private void publishFigures(long now) {
    for (ModelHealth health : models.values()) {
      publish(health, now);
    }
  }

  private void publish(ModelHealth health, long now) {
    if (health.refresh(now)) {
      context().forward(new Record<>(key(health), health.published(), now));
    }
  }

  private void save(long now) {
    Iterator<ModelHealth> each = models.values().iterator();
    while (each.hasNext()) {
      ModelHealth health = each.next();
      if (forgettable(health, now)) {
        each.remove();
        forget(key(health), now);
      } else if (health.takeUnsaved()) {
        save(health);
      }
    }
  }

  private static boolean forgettable(ModelHealth health, long now) {
    Duration after = health.fitness().inRotation() ? FORGET_AFTER : FORGET_UNFIT_AFTER;
    return health.idleMillis(now) >= after.toMillis();
  }

  private void save(ModelHealth health) {
    store.put(key(health), KeptHealth.write(health));
  }

  private void forget(String key, long now) {
    hide(key);
    store.delete(key);
    context().forward(new Record<String, @Nullable ProviderHealth>(key, null, now));
  }

  private void hide(String key) {
    Runnable hide = shown.remove(key);
    if (hide != null) {
      hide.run();
    }
  }

  private static String key(ModelHealth health) {
    return ProviderHealthTable.key(health.provider(), health.model());
  }

  @Override
  public void close() {
    shown.values().forEach(Runnable::run);
    shown.clear();
  }
}
