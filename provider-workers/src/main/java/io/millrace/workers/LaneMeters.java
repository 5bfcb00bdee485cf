package io.millrace.workers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the worker of one provider measures of each lane, with the tags of {@link WorkerMeters} and
 * {@value #LANE}: {@code interactive}, {@code standard} or {@code batch}. Thread-safe.
 */
final class LaneMeters implements AutoCloseable {

  /** Dispatches that were begun. */
  static final String BEGUN = "millrace.worker.lane.begun";

  /** From the dispatch to its begin: in the topic, and held by the worker. */
  static final String WAIT = "millrace.worker.lane.wait";

  /** Dispatches held by the worker until their turn comes. */
  static final String WAITING = "millrace.worker.lane.waiting";

  /** Tenants that the dispatches held belong to. */
  static final String TENANTS = "millrace.worker.lane.tenants";

  /** Partitions with dispatches that were read and left in the topic until their tenant's turn. */
  static final String BEHIND = "millrace.worker.lane.behind";

  /** Dispatches being worked on. */
  static final String IN_FLIGHT = "millrace.worker.lane.in.flight";

  static final String LANE = "lane";

  /** The upper ends of the histogram of waits; few, for each is a time series of every provider. */
  private static final Duration[] WAIT_BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10)
  };

  /** How long a dispatch stays in its topic. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final MeterRegistry registry;
  private final Map<Lane, LaneFigures> lanes = new EnumMap<>(Lane.class);

  LaneMeters(MeterRegistry registry, Tags provider) {
    this.registry = registry;
    for (Lane lane : Lane.values()) {
      Tags tags = provider.and(LANE, lane.name().toLowerCase(Locale.ROOT));
      lanes.put(lane, LaneFigures.of(registry, tags));
    }
  }

  /**
   * A dispatch was begun, so long after it was sent. Clocks may differ, so the wait may be negative
   * and counts as none; and a time stamp may be wrong, so no wait counts as more than a day.
   */
  void begun(Lane lane, Duration wait) {
    LaneFigures figures = figures(lane);
    figures.begun.increment();
    figures.waited.record(bounded(wait));
    figures.inFlight.incrementAndGet();
  }

  /** A dispatch that was postponed was begun anew. */
  void begunAgain(Lane lane) {
    figures(lane).inFlight.incrementAndGet();
  }

  /** A dispatch came to its end, or was postponed. */
  void ended(Lane lane) {
    figures(lane).inFlight.decrementAndGet();
  }

  /** How much is held now. */
  void holds(Lane lane, int waiting, int tenants, int behind) {
    LaneFigures figures = figures(lane);
    figures.waiting.set(waiting);
    figures.tenants.set(tenants);
    figures.behind.set(behind);
  }

  /** Takes the gauges away, for what they report on is gone; counters stay. */
  @Override
  public void close() {
    lanes.values().forEach(figures -> figures.gauges.forEach(registry::remove));
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  private LaneFigures figures(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane));
  }

  private record LaneFigures(
      Counter begun,
      Timer waited,
      AtomicInteger waiting,
      AtomicInteger tenants,
      AtomicInteger behind,
      AtomicInteger inFlight,
      List<Gauge> gauges) {

    static LaneFigures of(MeterRegistry registry, Tags tags) {
      AtomicInteger waiting = new AtomicInteger();
      AtomicInteger tenants = new AtomicInteger();
      AtomicInteger behind = new AtomicInteger();
      AtomicInteger inFlight = new AtomicInteger();
      return new LaneFigures(
          registry.counter(BEGUN, tags),
          Timer.builder(WAIT).tags(tags).serviceLevelObjectives(WAIT_BUCKETS).register(registry),
          waiting,
          tenants,
          behind,
          inFlight,
          List.of(
              Gauge.builder(WAITING, waiting::get).tags(tags).register(registry),
              Gauge.builder(TENANTS, tenants::get).tags(tags).register(registry),
              Gauge.builder(BEHIND, behind::get).tags(tags).register(registry),
              Gauge.builder(IN_FLIGHT, inFlight::get).tags(tags).register(registry)));
    }
  }
}
