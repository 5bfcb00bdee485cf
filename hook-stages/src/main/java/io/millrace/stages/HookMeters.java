package io.millrace.stages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.plugin.hook.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** Meters of the hooks, on Micrometer, with a bound on how many series a name may have. */
final class HookMeters implements Meters {

  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final Map<String, Set<Map<String, String>>> seriesByName = new ConcurrentHashMap<>();

  /** Found again without asking the registry; bounded as the series are. */
  private final Map<Series, Counter> counters = new ConcurrentHashMap<>();

  private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

  /** A meter of a name. */
  private record Series(String name, Map<String, String> tags) {}

  HookMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void count(String name, Map<String, String> tags, long amount) {
    found(counters, name, tags, this::counter).increment(amount);
  }

  @Override
  public void time(String name, Map<String, String> tags, Duration duration) {
    found(timers, name, tags, this::timer).record(duration);
  }

  private Counter counter(String name, Tags tags) {
    return registry.counter(name, tags);
  }

  private Timer timer(String name, Tags tags) {
    return Timer.builder(name).tags(tags).publishPercentileHistogram().register(registry);
  }

  private <M> M found(
      Map<Series, M> meters,
      String name,
      Map<String, String> tags,
      BiFunction<String, Tags, M> register) {
    M known = meters.get(new Series(name, tags));
    if (known != null) {
      return known;
    }
    boolean room = hasRoom(name, tags);
    M meter = register.apply(name, tagsOf(tags, room));
    if (room) {
      meters.put(new Series(name, Map.copyOf(tags)), meter);
    }
    return meter;
  }

  private boolean hasRoom(String name, Map<String, String> tags) {
    Set<Map<String, String>> series =
        seriesByName.computeIfAbsent(name, key -> ConcurrentHashMap.newKeySet());
    boolean room = series.contains(tags) || series.size() < MAX_SERIES_PER_NAME;
    if (room) {
      series.add(Map.copyOf(tags));
    }
    return room;
  }

  private static Tags tagsOf(Map<String, String> tags, boolean room) {
    Tags result = Tags.empty();
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      result = result.and(tag.getKey(), room ? tag.getValue() : OTHER);
    }
    return result;
  }
}
