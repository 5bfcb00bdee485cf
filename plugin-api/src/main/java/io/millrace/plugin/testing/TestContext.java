package io.millrace.plugin.testing;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The context of one exchange, for a hook's unit tests: time stands still until it is moved, notes
 * and state are kept in memory with the bounds of the real ones, events are recorded. Not
 * thread-safe.
 */
public final class TestContext implements HookContext, OperationContext {

  /** The time it begins at. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final int MAX_NAME_CHARACTERS = 64;
  private static final int MAX_VALUE_CHARACTERS = 4_096;
  private static final int MAX_EVENT_ATTRIBUTES = 16;
  private static final int MAX_HEADER_CHARACTERS = 256;

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
  private final List<SubmittedRequest> submitted = new ArrayList<>();
  private final Map<String, String> responseHeaders = new HashMap<>();
  private final Map<String, String> hints = new HashMap<>();
  private @Nullable Caller caller;
  private boolean background;
  private long costNanos;
  private boolean fromProvider = true;

  /** At {@link #START}, in the first attempt. */
  public TestContext() {}

  /** An event that the hook emitted. */
  public record RecordedEvent(String type, Map<String, String> attributes) {}

  /** A request that the hook sent of its own accord. */
  public record SubmittedRequest(String id, CompletionRequest request, Duration timeout) {}

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

  /** Sent by somebody known. */
  public TestContext withCaller(Caller value) {
    caller = value;
    return this;
  }

  /** With a wish about a hook. */
  public TestContext withHint(String name, String value) {
    hints.put(name, value);
    return this;
  }

  /** As a request that a hook sent. */
  public TestContext inBackground() {
    background = true;
    return this;
  }

  /** After calls that cost this much. */
  public TestContext withCostNanos(long value) {
    costNanos = value;
    return this;
  }

  /** With an outcome that did not come from the provider. */
  public TestContext withoutProvider() {
    fromProvider = false;
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

  /** The requests that the hook sent, oldest first. */
  public List<SubmittedRequest> submitted() {
    return List.copyOf(submitted);
  }

  /** What the hook told the caller. */
  public Map<String, String> responseHeaders() {
    return Map.copyOf(responseHeaders);
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

  /** The tenant: the scope key of most hooks. */
  @Override
  public String scopeKey() {
    return tenant;
  }

  @Override
  public Optional<Caller> caller() {
    return Optional.ofNullable(caller);
  }

  @Override
  public Optional<String> hint(String name) {
    return Optional.ofNullable(hints.get(name));
  }

  @Override
  public long costNanos() {
    return costNanos;
  }

  @Override
  public boolean fromProvider() {
    return fromProvider;
  }

  @Override
  public boolean background() {
    return background;
  }

  @Override
  public void submit(String id, CompletionRequest request, Duration timeout) {
    if (background || submitted.size() == MAX_SUBMITTED) {
      throw new IllegalStateException(
          "a call sends at most %d requests, and none where it was sent by a hook itself"
              .formatted(MAX_SUBMITTED));
    }
    submitted.add(new SubmittedRequest(id, request, timeout));
  }

  @Override
  public void setResponseHeader(String name, String value) {
    atMost("a response header's name", MAX_NAME_CHARACTERS, name.length());
    atMost("response header '" + name + "'", MAX_HEADER_CHARACTERS, value.length());
    responseHeaders.put(name, value);
  }

  /** A hash of the request's fields and the target; the pipeline's own sees through spelling. */
  @Override
  public String contentHash(CompletionRequest request) {
    String same = request.withModel(target.toString()).toString();
    String half = digits(same);
    return half + digits(half + same);
  }

  private static String digits(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }

  private static void atMost(String what, int bound, int characters) {
    if (characters > bound) {
      throw new IllegalArgumentException(
          "%s has at most %,d characters, not %,d".formatted(what, bound, characters));
    }
  }
}
