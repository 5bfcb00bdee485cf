package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.plugin.hook.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of the hooks, on Micrometer, with a bound on how many series a name may have. */
final class HookMeters implements Meters {

  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final Map<String, Set<Map<String, String>>> seriesByName = new ConcurrentHashMap<>();

  HookMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void count(String name, Map<String, String> tags, long amount) {
    registry.counter(name, bounded(name, tags)).increment(amount);
  }

  @Override
  public void time(String name, Map<String, String> tags, Duration duration) {
    Timer.builder(name)
        .tags(bounded(name, tags))
        .publishPercentileHistogram()
        .register(registry)
        .record(duration);
  }

  private Tags bounded(String name, Map<String, String> tags) {
    Set<Map<String, String>> series =
        seriesByName.computeIfAbsent(name, key -> ConcurrentHashMap.newKeySet());
    boolean room = series.contains(tags) || series.size() < MAX_SERIES_PER_NAME;
    if (room) {
      series.add(tags);
    }
    Tags result = Tags.empty();
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      result = result.and(tag.getKey(), room ? tag.getValue() : OTHER);
    }
    return result;
  }
}
