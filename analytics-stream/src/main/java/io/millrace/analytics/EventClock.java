package io.millrace.analytics;

import java.time.Duration;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps a task's watermark over restarts, so that a closed window stays closed. */
final class EventClock {

  private EventClock() {}

  static Watermark restore(KeyValueStore<String, Long> store, Duration idleAfter, long nowMillis) {
    Long stored = store.get(AnalyticsTopology.WATERMARK_KEY);
    return new Watermark(idleAfter, stored == null ? 0 : stored, nowMillis);
  }

  static void save(KeyValueStore<String, Long> store, long watermarkMillis) {
    Long stored = store.get(AnalyticsTopology.WATERMARK_KEY);
    if (stored == null || stored < watermarkMillis) {
      store.put(AnalyticsTopology.WATERMARK_KEY, watermarkMillis);
    }
  }
}
