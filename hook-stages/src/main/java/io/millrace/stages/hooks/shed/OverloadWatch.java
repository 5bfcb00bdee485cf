package io.millrace.stages.hooks.shed;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Events;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.PipelineLoad;
import io.millrace.stages.hooks.shed.Bounds.Pressure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/**
 * Looks at the load and settles what is left out; tells of each level that is entered or left once.
 * Thread-safe.
 */
final class OverloadWatch {

  static final String CHANGES = "millrace.shed.changes";

  private final PipelineLoad load;
  private final Bounds bounds;
  private final Thresholds thresholds;
  private final InstantSource clock;
  private final Events events;
  private final Meters meters;
  private final String process;
  private final Map<Level, Instant> since = new EnumMap<>(Level.class);
  private volatile Shedding current = Shedding.NOTHING;

  /**
   * A watch.
   *
   * @param process how events name this process, as each has a load of its own
   */
  OverloadWatch(
      PipelineLoad load,
      ShedSettings settings,
      InstantSource clock,
      Events events,
      Meters meters,
      String process) {
    this.load = load;
    this.bounds = settings.bounds();
    this.thresholds = settings.thresholds();
    this.clock = clock;
    this.events = events;
    this.meters = meters;
    this.process = process;
  }

  /** What is left out; never waits. */
  Level level() {
    return current.level();
  }

  /** Looks; what is left out from here on. */
  synchronized Level look() {
    Pressure pressure = bounds.of(load);
    Instant now = clock.instant();
    return change(current.next(pressure.ratio(), thresholds, now), now, pressure);
  }

  /** Takes everything in again: who goes leaves no alert behind that nobody would end. */
  synchronized void end() {
    change(Shedding.NOTHING, clock.instant(), bounds.of(load));
  }

  private Level change(Shedding after, Instant now, Pressure pressure) {
    Shedding before = current;
    current = after;
    for (Level level = before.level(); level.compareTo(after.level()) < 0; ) {
      level = level.above();
      since.put(level, now);
      tell(EventTypes.SHEDDING_STARTED, level, now, pressure);
    }
    for (Level level = before.level(); level.compareTo(after.level()) > 0; level = level.below()) {
      Instant started = since.remove(level);
      tell(EventTypes.SHEDDING_STOPPED, level, started == null ? now : started, pressure);
    }
    return after.level();
  }

  private void tell(String type, Level level, Instant started, Pressure pressure) {
    meters.count(CHANGES, Map.of("level", level.wireName(), "event", type), 1);
    events.emit(
        type,
        Map.of(
            "level", level.wireName(),
            "process", process,
            "since", Long.toString(started.toEpochMilli()),
            "signal", pressure.signal(),
            "value", Long.toString(pressure.value()),
            "bound", Long.toString(pressure.bound())));
  }
}
