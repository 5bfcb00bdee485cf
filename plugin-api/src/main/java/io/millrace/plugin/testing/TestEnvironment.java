package io.millrace.plugin.testing;

import io.millrace.plugin.access.AccessKeys;
import io.millrace.plugin.hook.Events;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.PipelineLoad;
import io.millrace.plugin.hook.Prices;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Surroundings for a hook's unit tests: a clock that is moved by hand, meters that can be read, and
 * events that reach their listeners at once. Thread-safe.
 */
public final class TestEnvironment implements Meters, Events {

  private final Map<String, Map<Map<String, String>, Long>> counts = new ConcurrentHashMap<>();
  private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private volatile Instant now = TestContext.START;
  private Prices prices = Prices.FREE;
  private AccessKeys accessKeys = AccessKeys.NONE;
  private PipelineLoad load = PipelineLoad.IDLE;

  /** At {@link TestContext#START}. */
  public TestEnvironment() {}

  /** With prices; set before the environment is asked for. */
  public TestEnvironment withPrices(Prices value) {
    prices = value;
    return this;
  }

  /** With keys; set before the environment is asked for. */
  public TestEnvironment withAccessKeys(AccessKeys value) {
    accessKeys = value;
    return this;
  }

  /** With work to do; set before the environment is asked for. */
  public TestEnvironment withLoad(PipelineLoad value) {
    load = value;
    return this;
  }

  /** What a factory takes. */
  public HookEnvironment environment() {
    InstantSource clock = () -> now;
    return new HookEnvironment(clock, this, this, prices, accessKeys, load);
  }

  /** Lets time pass. */
  public void advance(Duration duration) {
    now = now.plus(duration);
  }

  /** What was counted, or how often was timed, under a name and exactly these tags. */
  public long count(String name, Map<String, String> tags) {
    return counts.getOrDefault(name, Map.of()).getOrDefault(tags, 0L);
  }

  /** What was counted, or how often was timed, under a name with any tags. */
  public long count(String name) {
    return counts.getOrDefault(name, Map.of()).values().stream().mapToLong(Long::longValue).sum();
  }

  /** What was emitted, oldest first. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /** Gives an event to the listeners, as the pipeline would. */
  public void publish(Event event) {
    events.add(event);
    listeners.forEach(listener -> listener.accept(event));
  }

  @Override
  public void count(String name, Map<String, String> tags, long amount) {
    counts
        .computeIfAbsent(name, key -> new ConcurrentHashMap<>())
        .merge(Map.copyOf(tags), amount, Long::sum);
  }

  @Override
  public void time(String name, Map<String, String> tags, Duration duration) {
    count(name, tags, 1);
  }

  @Override
  public Subscription subscribe(Consumer<Event> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {
    publish(new Event(type, "test", null, null, attributes));
  }
}
