package io.millrace.stages;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A context for hooks under test: time stands still, notes are kept, events are forgotten. */
public final class FixedContext implements HookContext {

  /** What time it is. */
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:01Z");

  private final String requestId;
  private final Map<String, String> attributes = new HashMap<>();

  public FixedContext(String requestId) {
    this.requestId = requestId;
  }

  @Override
  public String tenant() {
    return "acme";
  }

  @Override
  public String requestId() {
    return requestId;
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public Target target() {
    return new Target("one", "small");
  }

  @Override
  public Lane lane() {
    return Lane.STANDARD;
  }

  @Override
  public Instant deadline() {
    return NOW.plusSeconds(60);
  }

  @Override
  public Instant acceptedAt() {
    return NOW.minusSeconds(1);
  }

  @Override
  public Instant now() {
    return NOW;
  }

  @Override
  public Optional<String> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  @Override
  public void setAttribute(String name, String value) {
    attributes.put(name, value);
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {}
}
