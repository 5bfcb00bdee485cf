package io.millrace.plugin.testing;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The context of one exchange, for a hook's unit tests: time stands still until it is moved, notes
 * and state are kept in memory with the bounds of the real ones, events are recorded. Not
 * thread-safe.
 */
public final class TestContext implements HookContext {

  /** The time it begins at. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final int MAX_NAME_CHARACTERS = 64;
  private static final int MAX_VALUE_CHARACTERS = 4_096;
  private static final int MAX_EVENT_ATTRIBUTES = 16;

  private final Map<String, String> attributes = new HashMap<>();
  private final List<RecordedEvent> events = new ArrayList<>();
  private String tenant = "tenant";
  private String requestId = "request";
  private Lane lane = Lane.STANDARD;
  private Target target = new Target("provider", "model");
  private int attempt = 1;
  private Instant now = START;
  private Duration timeout = Duration.ofMinutes(1);
  private KeyedState state = new InMemoryState();

  /** At {@link #START}, in the first attempt. */
  public TestContext() {}

  /** An event that the hook emitted. */
  public record RecordedEvent(String type, Map<String, String> attributes) {}

  /** With another tenant. */
  public TestContext withTenant(String value) {
    tenant = value;
    return this;
  }

  /** With another request id. */
  public TestContext withRequestId(String value) {
    requestId = value;
    return this;
  }

  /** In another lane. */
  public TestContext withLane(Lane value) {
    lane = value;
    return this;
  }

  /** Aimed elsewhere. */
  public TestContext withTarget(String provider, String model) {
    target = new Target(provider, model);
    return this;
  }

  /** In another attempt; as in the pipeline, notes of the former attempt are gone. */
  public TestContext withAttempt(int value) {
    attempt = value;
    attributes.clear();
    return this;
  }

  /** With a deadline that is this long after acceptance. */
  public TestContext withTimeout(Duration value) {
    timeout = value;
    return this;
  }

  /** With state that it shares with another context. */
  public TestContext withState(KeyedState value) {
    state = value;
    return this;
  }

  /** At another time. */
  public TestContext withNow(Instant value) {
    now = value;
    return this;
  }

  /** Lets time pass. */
  public TestContext advance(Duration duration) {
    now = now.plus(duration);
    return this;
  }

  /** What the hook emitted, oldest first. */
  public List<RecordedEvent> events() {
    return List.copyOf(events);
  }

  @Override
  public String tenant() {
    return tenant;
  }

  @Override
  public String requestId() {
    return requestId;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public Instant deadline() {
    return START.plus(timeout);
  }

  @Override
  public Instant acceptedAt() {
    return START;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public KeyedState state() {
    return state;
  }

  @Override
  public Optional<String> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  @Override
  public void setAttribute(String name, String value) {
    atMost("an attribute's name", MAX_NAME_CHARACTERS, name.length());
    atMost("the value of attribute '" + name + "'", MAX_VALUE_CHARACTERS, value.length());
    attributes.put(name, value);
  }

  @Override
  public void emit(String type, Map<String, String> eventAttributes) {
    atMost("an event's type", MAX_NAME_CHARACTERS, type.length());
    if (eventAttributes.size() > MAX_EVENT_ATTRIBUTES) {
      throw new IllegalArgumentException(
          "an event has at most %d attributes, not %d"
              .formatted(MAX_EVENT_ATTRIBUTES, eventAttributes.size()));
    }
    events.add(new RecordedEvent(type, Map.copyOf(eventAttributes)));
  }

  private static void atMost(String what, int bound, int characters) {
    if (characters > bound) {
      throw new IllegalArgumentException(
          "%s has at most %,d characters, not %,d".formatted(what, bound, characters));
    }
  }
}
