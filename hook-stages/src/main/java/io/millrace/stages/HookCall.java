package io.millrace.stages;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls one method of one hook, times it, and keeps what it throws from everybody else (hook
 * contract, H12, H14, H16, H17). Used by one thread.
 */
final class HookCall {

  /** A hook that is always slow says so this often, in each direction and task. */
  private static final Duration SLOW_REPORT_INTERVAL = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(HookCall.class);

  private final ActiveHook active;
  private final HookDirection direction;
  private final Outlet outlet;
  private final @Nullable KeyValueStore<Bytes, byte[]> store;
  private final HookTally.Calls tally;
  private final long budgetNanos;
  private long nextSlowReportMillis;

  /**
   * Calls of one method in one task.
   *
   * @param stateAllowed whether the node has the hook's store
   */
  HookCall(
      ActiveHook active,
      HookDirection direction,
      Outlet outlet,
      ProcessorContext<String, Object> context,
      boolean stateAllowed) {
    this.active = active;
    this.direction = direction;
    this.outlet = outlet;
    this.store =
        stateAllowed && active.descriptor().stateful()
            ? context.getStateStore(active.store())
            : null;
    this.tally = active.tally().calls(direction);
    this.budgetNanos = active.descriptor().timeBudget().toNanos();
  }

  /** One of the methods. */
  @FunctionalInterface
  interface Method<I, R> {
    @Nullable R call(Hook hook, I input, ExchangeContext context);
  }

  /**
   * Calls the hook.
   *
   * @return what it returned, or null when it failed, which is reported already
   */
  <I, R> @Nullable R on(Exchange exchange, I input, Method<I, R> method) {
    ExchangeContext context = new ExchangeContext(active, exchange, outlet, store);
    R result = null;
    Throwable thrown = null;
    long started = System.nanoTime();
    try {
      result = method.call(active.hook(), input, context);
    } catch (Throwable e) { // a plugin may throw anything at all
      thrown = e;
    }
    long nanos = System.nanoTime() - started;
    context.rethrowFaultOfTheStage();
    if (thrown instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
      throw fatal;
    }
    tally.add(nanos);
    if (nanos > budgetNanos) {
      reportSlow(exchange, nanos);
    }
    if (result == null) {
      reportFailure(
          exchange,
          thrown == null
              ? new NullPointerException(direction.method() + " returned null")
              : thrown);
    }
    return result;
  }

  /** The error that a failed hook ends the attempt with, or null where the attempt goes on. */
  @Nullable PipelineError consequence() {
    return active.onError() == OnError.CONTINUE
        ? null
        : ErrorCode.HOOK_FAILED
            .error("hook '" + active.name() + "' failed in " + direction.method())
            .withAllowFallbacks(false);
  }

  private void reportFailure(Exchange exchange, Throwable thrown) {
    tally.addError();
    LOG.warn(
        "hook {} failed in {} of {}",
        active.name(),
        direction.method(),
        exchange.getRequestId(),
        thrown);
    outlet.event(
        exchange,
        active.name(),
        EventTypes.HOOK_ERROR,
        Map.of("direction", direction.wireName(), "error", thrown.getClass().getName()));
  }

  private void reportSlow(Exchange exchange, long nanos) {
    tally.addSlow();
    long now = outlet.nowMillis();
    if (now >= nextSlowReportMillis) {
      nextSlowReportMillis = now + SLOW_REPORT_INTERVAL.toMillis();
      outlet.event(
          exchange,
          active.name(),
          EventTypes.HOOK_SLOW,
          Map.of(
              "direction",
              direction.wireName(),
              "micros",
              Long.toString(nanos / 1_000),
              "budget-micros",
              Long.toString(budgetNanos / 1_000)));
    }
  }
}
