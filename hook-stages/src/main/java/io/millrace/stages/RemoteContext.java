package io.millrace.stages;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a hook sees of an exchange off the stream thread: a copy, and what it notes and tells is
 * kept until the exchange goes on. Used by one thread after the other; locked, because a call that
 * was given up may still run.
 */
final class RemoteContext implements HookContext {

  private final String tenant;
  private final String requestId;
  private final Lane lane;
  private final Instant deadline;
  private final Instant acceptedAt;
  private final int attempt;
  private final Target target;
  private final String hook;
  private final Map<String, String> noted = new HashMap<>();
  private final Map<String, String> fresh = new HashMap<>();
  private final List<Consumer<HookContext>> effects = new ArrayList<>();
  private final Optional<Caller> caller;
  private final Map<String, String> hints;
  private final boolean background;
  private final long costNanos;
  private final boolean fromProvider;
  private int submitted;
  private final InstantSource clock = InstantSource.system();
  private boolean over;

  RemoteContext(
      String hook, HookContext seen, Map<String, String> attributes, Map<String, String> hints) {
    this.hook = hook;
    this.tenant = seen.tenant();
    this.requestId = seen.requestId();
    this.lane = seen.lane();
    this.deadline = seen.deadline();
    this.acceptedAt = seen.acceptedAt();
    this.attempt = seen.attempt();
    this.target = seen.target();
    this.caller = seen.caller();
    this.background = seen.background();
    this.costNanos = seen.costNanos();
    this.fromProvider = seen.fromProvider();
    this.hints = Map.copyOf(hints);
    noted.putAll(attributes);
  }

  /** Ends the call: what a call that was given up says from now on is lost. */
  synchronized RemoteAnswer answer(@Nullable Object result, @Nullable Throwable failure) {
    over = true;
    return new RemoteAnswer(result, failure, Map.copyOf(fresh), List.copyOf(effects));
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
  public Lane lane() {
    return lane;
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public Instant acceptedAt() {
    return acceptedAt;
  }

  @Override
  public Instant now() {
    return clock.instant();
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
  public KeyedState state() {
    throw new IllegalStateException("hook '" + hook + "' is remote and keeps no state");
  }

  @Override
  public synchronized void emit(String type, Map<String, String> attributes) {
    PipelineEvents.check(type, attributes);
    Map<String, String> copy = Map.copyOf(attributes);
    later(context -> context.emit(type, copy));
  }

  @Override
  public Optional<Caller> caller() {
    return caller;
  }

  @Override
  public Optional<String> hint(String name) {
    return Optional.ofNullable(hints.get(name));
  }

  @Override
  public boolean background() {
    return background;
  }

  @Override
  public synchronized void submit(String id, CompletionRequest request, Duration timeout) {
    ExchangeContext.checkSubmit(background, submitted);
    BackgroundRequest checked = new BackgroundRequest(hook, id, request, timeout);
    submitted++;
    later(context -> context.submit(checked.id(), checked.request(), checked.timeout()));
  }

  @Override
  public synchronized void setResponseHeader(String name, String value) {
    ResponseHeaders.check(name, value);
    later(context -> context.setResponseHeader(name, value));
  }

  @Override
  public String contentHash(CompletionRequest request) {
    return ContentHash.of(request, target);
  }

  @Override
  public long costNanos() {
    return costNanos;
  }

  @Override
  public boolean fromProvider() {
    return fromProvider;
  }

  private void later(Consumer<HookContext> effect) {
    if (!over) {
      effects.add(effect);
    }
  }

  @Override
  public synchronized Optional<String> attribute(String name) {
    return Optional.ofNullable(noted.get(hook + "/" + name));
  }

  @Override
  public synchronized void setAttribute(String name, String value) {
    ExchangeContext.checkAttribute(name, value);
    noted.put(hook + "/" + name, value);
    fresh.put(name, value);
  }
}
