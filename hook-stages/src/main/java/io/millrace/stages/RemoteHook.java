package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.schemas.avro.Exchange;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One method of a hook that must wait, at its node: the exchange is parked until the call that is
 * made for it off the stream thread has an answer. Used by one thread.
 *
 * @param <I> what the method is given
 * @param <R> what it returns
 */
final class RemoteHook<I, R> {

  private final StageSetup setup;
  private final ActiveHook active;
  private final HookDirection direction;
  private final Outlet outlet;
  private final Parking parking;
  private final Method<I, R> method;

  /** The method. */
  @FunctionalInterface
  interface Method<I, R> {
    R call(Hook hook, I input, HookContext context);
  }

  RemoteHook(
      StageSetup setup,
      ActiveHook active,
      HookDirection direction,
      Outlet outlet,
      Parking parking,
      Method<I, R> method) {
    this.setup = setup;
    this.active = active;
    this.direction = direction;
    this.outlet = outlet;
    this.parking = parking;
    this.method = method;
  }

  /** Which call an exchange waits for at a hook. */
  static RemoteCalls.Key key(Exchange exchange, String hook, HookDirection direction) {
    return new RemoteCalls.Key(exchange.getExchangeId(), exchange.getAttempt(), hook, direction);
  }

  /** What came of the call for this exchange, or null where it must wait for it yet. */
  @Nullable RemoteAnswer answer(Exchange exchange) {
    return setup.chain().remoteCalls().take(key(exchange, active.name(), direction));
  }

  /** Begins the call, and parks the exchange until it is answered. */
  void callAndPark(Passage passage, I input) {
    RemoteContext context = context(passage.exchange());
    setup
        .chain()
        .remoteCalls()
        .begin(
            key(passage.exchange(), active.name(), direction),
            budget(),
            context,
            () -> call(input, context));
    park(passage);
  }

  /** Makes the call although nobody waits for what comes of it. */
  void callDetached(Passage passage, I input) {
    RemoteContext context = context(passage.exchange());
    setup.chain().remoteCalls().beginDetached(budget(), context, () -> call(input, context));
  }

  private void park(Passage passage) {
    long now = outlet.nowMillis();
    long due = now + ParkingProcessor.TICK.toMillis();
    parking.untilTime(active.name(), passage.settled(), now, due, direction);
  }

  private R call(I input, HookContext context) {
    try (PluginLoaderScope ignored = new PluginLoaderScope(active.hook())) {
      return method.call(active.hook(), input, context);
    }
  }

  private RemoteContext context(Exchange exchange) {
    return new RemoteContext(
        active.name(),
        new ExchangeContext(active, exchange, outlet, null),
        exchange.getAttributes(),
        exchange.getRequest().getHints());
  }

  private Duration budget() {
    return active.descriptor().timeBudget();
  }
}
