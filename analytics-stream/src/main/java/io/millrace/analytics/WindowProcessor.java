package io.millrace.analytics;

import io.millrace.analytics.AnalyticsConfig.WindowSettings;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.ProviderCall;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Counts each call in its window; at an interval publishes what changed, and each window that is
 * over one last time, after which it is gone from the store.
 */
final class WindowProcessor
    extends ContextualProcessor<String, ProviderCall, String, MetricWindow> {

  private static final long SIZE_MILLIS = WindowSettings.SIZE.toMillis();

  private final WindowSettings settings;
  private final AnalyticsMeters meters;
  private final OpenWindows open;
  private KeyValueStore<String, OpenWindow> windows;
  private KeyValueStore<String, Long> clock;
  private Watermark watermark;

  WindowProcessor(WindowSettings settings, AnalyticsMeters meters) {
    this.settings = settings;
    this.meters = meters;
    this.open = new OpenWindows(settings.maxSeries());
  }

  @Override
  public void init(ProcessorContext<String, MetricWindow> context) {
    super.init(context);
    windows = context.getStateStore(AnalyticsTopology.WINDOW_STORE);
    clock = context.getStateStore(AnalyticsTopology.CLOCK_STORE);
    watermark = EventClock.restore(clock, settings.idleAfter(), context.currentSystemTimeMs());
    try (var stored = windows.all()) {
      stored.forEachRemaining(entry -> open.restore(entry.value.key()));
    }
    context.schedule(settings.updateInterval(), PunctuationType.WALL_CLOCK_TIME, this::publish);
  }

  @Override
  public void process(Record<String, ProviderCall> record) {
    long now = context().currentSystemTimeMs();
    watermark.observe(record.timestamp(), now);
    long start = record.timestamp() - record.timestamp() % SIZE_MILLIS;
    if (start < firstOpenStart(now)) {
      meters.countLate();
      return;
    }
    WindowKey wanted = WindowKey.of(start, record.value());
    WindowKey key = open.open(wanted);
    if (!key.equals(wanted)) {
      meters.countCollapsed();
    }
    WindowAccumulator figures = load(key);
    figures.add(record.value());
    windows.put(key.storeKey(), new OpenWindow(key, figures));
  }

  /** Windows that start before this are closed: the watermark is past their end and the grace. */
  private long firstOpenStart(long now) {
    return watermark.at(now) - settings.grace().toMillis() - SIZE_MILLIS + 1;
  }

  private void publish(long now) {
    EventClock.save(clock, watermark.at(now));
    for (WindowKey key : open.takeStartedBefore(firstOpenStart(now))) {
      forward(key, true, now);
      windows.delete(key.storeKey());
    }
    for (WindowKey key : open.takeChanged()) {
      forward(key, false, now);
    }
  }

  private void forward(WindowKey key, boolean closed, long now) {
    context().forward(new Record<>(key.topicKey(), load(key).toPublished(key, closed), now));
  }

  private WindowAccumulator load(WindowKey key) {
    OpenWindow stored = windows.get(key.storeKey());
    return stored == null ? new WindowAccumulator(settings.maxErrorCodes()) : stored.figures();
  }
}
