package io.millrace.stages.routing;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a strategy may know of the request. It keeps no state and sends no requests; its events are
 * collected, and sent by whoever asked. Used by one thread.
 */
public final class RouteContext implements RequestContext {

  /** The most events of one decision; further ones are left out. */
  private static final int MAX_EVENTS = 4;

  private static final int MAX_TYPE_CHARACTERS = 64;
  private static final int MAX_ATTRIBUTES = 16;
  private static final int MAX_VALUE_CHARACTERS = 500;

  private final Facts facts;
  private final List<Emitted> emitted = new ArrayList<>(0);

  /** With the facts of a request. */
  public RouteContext(Facts facts) {
    this.facts = facts;
  }

  /** What is known of a request besides what it asks. */
  public record Facts(
      String tenant,
      String requestId,
      Lane lane,
      Instant acceptedAt,
      Instant deadline,
      Instant now,
      @Nullable Caller caller,
      Map<String, String> hints,
      boolean background) {}

  /** An event that a strategy wants sent. */
  public record Emitted(String type, Map<String, String> attributes) {}

  /** The events so far. */
  public List<Emitted> emitted() {
    return List.copyOf(emitted);
  }

  @Override
  public String tenant() {
    return facts.tenant();
  }

  @Override
  public String requestId() {
    return facts.requestId();
  }

  @Override
  public Lane lane() {
    return facts.lane();
  }

  @Override
  public Instant deadline() {
    return facts.deadline();
  }

  @Override
  public Instant acceptedAt() {
    return facts.acceptedAt();
  }

  @Override
  public Optional<Caller> caller() {
    return Optional.ofNullable(facts.caller());
  }

  @Override
  public Optional<String> hint(String name) {
    return Optional.ofNullable(facts.hints().get(name));
  }

  @Override
  public boolean background() {
    return facts.background();
  }

  @Override
  public Instant now() {
    return facts.now();
  }

  @Override
  public KeyedState state() {
    throw new IllegalStateException("a routing strategy keeps no state");
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {
    if (type.isEmpty()
        || type.length() > MAX_TYPE_CHARACTERS
        || attributes.size() > MAX_ATTRIBUTES
        || attributes.values().stream().anyMatch(text -> text.length() > MAX_VALUE_CHARACTERS)) {
      throw new IllegalArgumentException(
          "an event has a type of 1 to %d characters and at most %d attributes of at most %d"
              .formatted(MAX_TYPE_CHARACTERS, MAX_ATTRIBUTES, MAX_VALUE_CHARACTERS));
    }
    if (emitted.size() < MAX_EVENTS) {
      emitted.add(new Emitted(type, Map.copyOf(attributes)));
    }
  }

  @Override
  public void submit(String id, CompletionRequest request, Duration timeout) {
    throw new IllegalStateException("a routing strategy sends no requests");
  }
}
