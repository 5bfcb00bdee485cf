package io.millrace.stages;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.hook.PipelineLoad;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.processor.TaskId;

/** How busy the home stage's tasks in this process are, all together. Thread-safe; never waits. */
final class LoadGauge implements PipelineLoad {

  static final String QUEUE_DELAY = "millrace.load.queue.delay";
  static final String OPEN_EXCHANGES = "millrace.load.open.exchanges";
  static final String OLDEST_OPEN = "millrace.load.oldest.open";

  private static final double MILLIS_PER_SECOND = 1_000;

  private final InstantSource clock;
  private final Map<TaskId, TaskLoad> tasks = new ConcurrentHashMap<>();

  LoadGauge(InstantSource clock) {
    this.clock = clock;
  }

  /** The load of one task; all its nodes share it. */
  TaskLoad of(TaskId task) {
    return tasks.computeIfAbsent(task, id -> new TaskLoad());
  }

  /** The task goes elsewhere, and its load with it. */
  void closed(TaskId task, TaskLoad load) {
    tasks.remove(task, load);
  }

  /** The longest of the tasks' delays: the slowest partition is the one that is overloaded. */
  @Override
  public Duration queueDelay() {
    long now = clock.millis();
    double longest = 0;
    for (TaskLoad task : tasks.values()) {
      longest = Math.max(longest, task.delayMillisAt(now));
    }
    return Duration.ofMillis((long) longest);
  }

  @Override
  public long openExchanges() {
    long open = 0;
    for (TaskLoad task : tasks.values()) {
      open += task.open();
    }
    return open;
  }

  @Override
  public Duration oldestOpen() {
    long now = clock.millis();
    long oldest = 0;
    for (TaskLoad task : tasks.values()) {
      oldest = Math.max(oldest, task.oldestMillisAt(now));
    }
    return Duration.ofMillis(oldest);
  }

  /** Shows the figures as gauges, until closed. */
  AutoCloseable show(MeterRegistry registry) {
    List<Meter> gauges =
        List.of(
            gauge(
                registry,
                QUEUE_DELAY,
                "How long the latest requests waited for the home stage",
                "seconds",
                load -> load.queueDelay().toMillis() / MILLIS_PER_SECOND),
            gauge(
                registry,
                OPEN_EXCHANGES,
                "Exchanges under way: accepted, without a result, not waiting at a hook",
                "exchanges",
                PipelineLoad::openExchanges),
            gauge(
                registry,
                OLDEST_OPEN,
                "Age of the oldest of them",
                "seconds",
                load -> load.oldestOpen().toMillis() / MILLIS_PER_SECOND));
    return () -> gauges.forEach(registry::remove);
  }

  private Meter gauge(
      MeterRegistry registry,
      String name,
      String description,
      String unit,
      ToDoubleFunction<LoadGauge> value) {
    return Gauge.builder(name, this, value)
        .description(description)
        .baseUnit(unit)
        .strongReference(true)
        .register(registry);
  }
}
