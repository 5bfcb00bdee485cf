package io.millrace.stages;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.TrailEntry;
import io.millrace.schemas.model.AvroModel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What one hook sees of one exchange. Used by one thread. */
final class ExchangeContext implements HookContext {

  private static final int MAX_NAME_CHARACTERS = 64;
  private static final int MAX_VALUE_CHARACTERS = 4_096;

  /** What a PreHook's line of the trail says where the provider is not asked. */
  private static final Set<String> OTHER_SOURCES = Set.of("respond", "fail", "full", "coalesced");

  private static final Lane[] LANES = Lane.values();

  private final ActiveHook active;
  private final Exchange exchange;
  private final Outlet outlet;
  private final @Nullable KeyValueStore<Bytes, byte[]> store;
  private final StageFault fault = new StageFault();
  private @Nullable KeyedState state;
  private int submitted;

  /**
   * The context of one call.
   *
   * @param store the hook's store, or null where it has none to use
   */
  ExchangeContext(
      ActiveHook active,
      Exchange exchange,
      Outlet outlet,
      @Nullable KeyValueStore<Bytes, byte[]> store) {
    this.active = active;
    this.exchange = exchange;
    this.outlet = outlet;
    this.store = store;
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
    checkAttribute(name, value);
    Map<String, String> attributes = new HashMap<>(exchange.getAttributes());
    attributes.put(key(name), value);
    exchange.setAttributes(attributes);
  }

  @Override
  public KeyedState state() {
    if (state == null) {
      if (store == null) {
        throw new IllegalStateException(
            active.descriptor().stateful()
                ? "hook '%s' has no state in preRequest: its scope is %s, and the request is not at that key yet"
                    .formatted(active.name(), active.descriptor().scope())
                : "hook '%s' keeps no state: its descriptor does not say stateBy"
                    .formatted(active.name()));
      }
      KeyedState scoped = new ScopedState(active.name(), store, ScopeKeys.of(active, exchange));
      state = new GuardedState(scoped, fault);
    }
    return state;
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {
    PipelineEvents.check(type, attributes);
    Map<String, String> copy = Map.copyOf(attributes);
    fault.guard(() -> outlet.event(exchange, active.name(), type, copy));
  }

  @Override
  public Optional<Caller> caller() {
    return Optional.ofNullable(exchange.getCaller()).map(AvroModel::toModel);
  }

  @Override
  public Optional<String> hint(String name) {
    return Optional.ofNullable(exchange.getRequest().getHints().get(name));
  }

  @Override
  public boolean background() {
    return exchange.getBackground();
  }

  @Override
  public void submit(String id, CompletionRequest request, Duration timeout) {
    checkSubmit(background(), submitted);
    BackgroundRequest background = new BackgroundRequest(active.name(), id, request, timeout);
    fault.guard(() -> outlet.begin(background.exchange(exchange, outlet.nowMillis())));
    submitted++;
  }

  /** Checks that a hook may send one more request. */
  static void checkSubmit(boolean background, int submitted) {
    if (background) {
      throw new IllegalStateException("a request that a hook sent brings forth no others");
    }
    if (submitted == MAX_SUBMITTED) {
      throw new IllegalStateException("a call sends at most " + MAX_SUBMITTED + " requests");
    }
  }

  @Override
  public void setResponseHeader(String name, String value) {
    exchange.setResponseHeaders(ResponseHeaders.with(exchange.getResponseHeaders(), name, value));
  }

  @Override
  public String contentHash(CompletionRequest request) {
    return ContentHash.of(request, target());
  }

  @Override
  public long costNanos() {
    return exchange.getAttemptCostNanos();
  }

  @Override
  public boolean fromProvider() {
    return exchange.getTrail().stream().noneMatch(this::tookTheProvidersPlace);
  }

  private boolean tookTheProvidersPlace(TrailEntry entry) {
    return entry.getAttempt() == exchange.getAttempt()
        && entry.getDirection().equals(HookDirection.PRE.wireName())
        && OTHER_SOURCES.contains(entry.getDecision());
  }

  /** Throws what the stage itself failed with during the call, whatever the hook made of it. */
  void rethrowFaultOfTheStage() {
    fault.rethrow();
  }

  /** Checks the bounds of a note. */
  static void checkAttribute(String name, String value) {
    bounded("attribute name", name, MAX_NAME_CHARACTERS);
    bounded("attribute " + name, value, MAX_VALUE_CHARACTERS);
  }

  private String key(String name) {
    return active.name() + "/" + name;
  }

  private static void bounded(String what, String text, int maxCharacters) {
    if (text.length() > maxCharacters) {
      throw new IllegalArgumentException(
          what + " has at most " + maxCharacters + " characters, not " + text.length());
    }
  }
}
