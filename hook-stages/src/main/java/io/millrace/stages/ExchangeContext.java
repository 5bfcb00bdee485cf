package io.millrace.stages;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.Exchange;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What one hook sees of one exchange. */
final class ExchangeContext implements HookContext {

  private static final int MAX_NAME_CHARACTERS = 64;
  private static final int MAX_VALUE_CHARACTERS = 4_096;
  private static final int MAX_EVENT_ATTRIBUTES = 16;
  private static final Lane[] LANES = Lane.values();

  private final String hook;
  private final Exchange exchange;
  private final Outlet outlet;

  ExchangeContext(String hook, Exchange exchange, Outlet outlet) {
    this.hook = hook;
    this.exchange = exchange;
    this.outlet = outlet;
  }

  @Override
  public String tenant() {
    return exchange.getTenant();
  }

  @Override
  public String requestId() {
    return exchange.getRequestId();
  }

  @Override
  public int attempt() {
    return exchange.getAttempt();
  }

  @Override
  public Target target() {
    return new Target(exchange.getTarget().getProvider(), exchange.getTarget().getModel());
  }

  @Override
  public Lane lane() {
    return LANES[exchange.getLane().ordinal()];
  }

  @Override
  public Instant deadline() {
    return Instant.ofEpochMilli(exchange.getDeadlineMillis());
  }

  @Override
  public Instant acceptedAt() {
    return Instant.ofEpochMilli(exchange.getAcceptedAtMillis());
  }

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(outlet.nowMillis());
  }

  @Override
  public Optional<String> attribute(String name) {
    return Optional.ofNullable(exchange.getAttributes().get(key(name)));
  }

  @Override
  public void setAttribute(String name, String value) {
    bounded("attribute name", name, MAX_NAME_CHARACTERS);
    bounded("attribute " + name, value, MAX_VALUE_CHARACTERS);
    Map<String, String> attributes = new HashMap<>(exchange.getAttributes());
    attributes.put(key(name), value);
    exchange.setAttributes(attributes);
  }

  @Override
  public KeyedState state() {
    throw new IllegalStateException("hook '" + hook + "' keeps no state: its descriptor says so");
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {
    bounded("event type", type, MAX_NAME_CHARACTERS);
    if (attributes.size() > MAX_EVENT_ATTRIBUTES) {
      throw new IllegalArgumentException(
          "an event has at most " + MAX_EVENT_ATTRIBUTES + " attributes, not " + attributes.size());
    }
    outlet.event(exchange, hook, type, Map.copyOf(attributes));
  }

  private String key(String name) {
    return hook + "/" + name;
  }

  private static void bounded(String what, String text, int maxCharacters) {
    if (text.length() > maxCharacters) {
      throw new IllegalArgumentException(
          what + " has at most " + maxCharacters + " characters, not " + text.length());
    }
  }
}
