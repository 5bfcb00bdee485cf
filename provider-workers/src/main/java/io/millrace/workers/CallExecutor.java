package io.millrace.workers;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.schemas.avro.Lane;
import io.millrace.workers.KeyPool.Pick;
import io.millrace.workers.gate.CircuitSetting;
import io.millrace.workers.gate.CircuitSetting.OnOpen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries an attempt out: picks keys, passes the model's gate, calls, repeats what may be repeated
 * (hook contract, H25 to H27), never past the deadline. Blocks the calling thread. Thread-safe.
 */
final class CallExecutor {

  private final Caller caller;
  private final ProviderSetting setting;
  private final KeyPool keys;
  private final ModelGates gates;
  private final Backoff backoff;
  private final TimeSource time;
  private final WorkerMeters meters;

  CallExecutor(
      Caller caller,
      ProviderSetting setting,
      KeyPool keys,
      ModelGates gates,
      Backoff backoff,
      TimeSource time,
      WorkerMeters meters) {
    this.caller = caller;
    this.setting = setting;
    this.keys = keys;
    this.gates = gates;
    this.backoff = backoff;
    this.time = time;
    this.meters = meters;
  }

  /** Carries one attempt out. When it is interrupted it says so and leaves the interrupt set. */
  CallResult execute(CallOrder order) {
    Attempt attempt = new Attempt(order);
    try {
      CallResult result = attempt.run();
      if (result instanceof CallResult.Finished(Completion c, List<CallTrace> calls)
          && setting.priceOf(order.model()) == null) {
        meters.costUnknown();
      }
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CallResult.Abandoned(attempt.calls.close());
    }
  }

  /** The course of one attempt. */
  private final class Attempt {

    private final CallOrder order;
    private final ModelGate gate;
    private final CallLog calls;
    private final @Nullable AttemptChunks chunks;
    private int retries;
    private int paidFor; // calls whose repeat the budget has allowed: each is paid for once
    private @Nullable Duration pause; // when it is not null this attempt is over for now
    private @Nullable PooledKey key;
    private @Nullable PipelineError lastError;

    Attempt(CallOrder order) {
      this.order = order;
      this.gate = gates.of(order.model());
      this.calls = new CallLog(setting.priceOf(order.model()), time, order.callsBefore());
      this.chunks = order.chunks() == null ? null : new AttemptChunks(order.chunks());
    }

    /** Each round makes a call, waits for something, or ends. */
    CallResult run() throws InterruptedException {
      while (true) {
        Outcome outcome = round();
        if (outcome != null) {
          return new CallResult.Finished(outcome, calls.close());
        }
        if (pause != null) {
          return new CallResult.Postponed(pause, calls.close());
        }
      }
    }

    private @Nullable Outcome round() throws InterruptedException {
      Instant now = time.now();
      if (!now.isBefore(order.deadline())) {
        return deadlineExceeded();
      }
      Instant steadyNow = time.steadyNow();
      if (key != null && key.usable(order.model(), steadyNow)) {
        return enter(key, now);
      }
      return switch (keys.pick(order.model(), steadyNow)) {
        case Pick.Use(PooledKey picked) -> enter(picked, now);
        case Pick.None(PipelineError error) -> error;
        case Pick.Resting(Instant until) -> awaitKey(Duration.between(steadyNow, until));
      };
    }

    private @Nullable Outcome awaitKey(Duration rest) throws InterruptedException {
      PipelineError limited = lastError == null ? allKeysRest() : lastError;
      return waitOrEnd(rest, limited.withRetryAfter(rest));
    }

    private @Nullable Outcome enter(PooledKey with, Instant now) throws InterruptedException {
      key = with;
      return switch (gate.enter(order, Duration.between(now, order.deadline()))) {
        case ModelGate.Entry.Open open -> callIfStillRight(with, open.pass());
        case ModelGate.Entry.Closed closed -> awaitCircuit(closed.pause());
        case ModelGate.Entry.Full full -> null;
      };
    }

    /** The wait for a place may have outlasted the deadline, or the key's good standing. */
    private @Nullable Outcome callIfStillRight(PooledKey with, ModelGate.Pass pass)
        throws InterruptedException {
      boolean late = !time.now().isBefore(order.deadline());
      if (late || !with.usable(order.model(), time.steadyNow())) {
        pass.giveBack();
        return null;
      }
      if (calls.size() == 0) {
        gate.countFirstCall();
      }
      KeyedCall call =
          new KeyedCall(
              order,
              with,
              pass,
              calls.begin(with),
              backoff.before(retries + 1),
              chunks == null ? null : chunks.open());
      return switch (reply(call)) {
        case ProviderReply.Success success -> success.completion();
        case ProviderReply.Failure failure -> afterFailure(failure, call);
      };
    }

    private ProviderReply reply(KeyedCall call) throws InterruptedException {
      try {
        return caller.call(call);
      } catch (RuntimeException | Error e) {
        call.pass().giveBack(); // where the call has ended it has no effect
        throw e;
      }
    }

    private @Nullable Outcome afterFailure(ProviderReply.Failure failure, KeyedCall call)
        throws InterruptedException {
      PipelineError error = failure.error();
      lastError = error;
      if (order.chunks() != null && order.chunks().begun()) {
        return error.withAllowFallbacks(false);
      }
      return switch (failure.failure().next()) {
        case GIVE_UP -> error;
        case NEXT_KEY -> nextKey(failure, call.key());
        case RETRY_SAME_KEY -> {
          Duration asked = KeyPool.restOf(error, call.backoff());
          yield waitOrEnd(asked.compareTo(call.backoff()) > 0 ? asked : call.backoff(), error);
        }
      };
    }

    /** The key is marked already; the next round picks another. */
    private @Nullable Outcome nextKey(ProviderReply.Failure failure, PooledKey with) {
      boolean nothingElse = with.needsNone() && failure.failure() != FailureClass.RATE_LIMITED;
      if (nothingElse || calls.size() >= mostCalls()) {
        return failure.error();
      }
      key = null;
      return null;
    }

    /** Every key once, and every key once more after each wait. */
    private int mostCalls() {
      return Math.max(1, setting.keys().size()) * (setting.retries().maxRetries() + 1);
    }

    /** Waits if there is a retry and time left, else ends with the error. */
    private @Nullable Outcome waitOrEnd(Duration wait, PipelineError error)
        throws InterruptedException {
      Instant now = time.now();
      if (!now.isBefore(order.deadline())) {
        return deadlineExceeded();
      }
      if (retries >= setting.retries().maxRetries() || !endsInTime(wait, now)) {
        return error;
      }
      if (calls.size() > paidFor && !gate.tryRetry()) {
        meters.calls().retryRefused();
        return error;
      }
      paidFor = calls.size();
      retries++;
      meters.retried();
      time.sleep(wait);
      return null;
    }

    /** Without a fallback a request begins anew when the model is back, and holds no place. */
    private @Nullable Outcome awaitCircuit(Duration wait) {
      if (mayAwaitCircuit(wait)) {
        pause = wait;
        return null;
      }
      meters.calls().circuitRefused();
      return (lastError == null ? circuitOpen() : lastError).withRetryAfter(wait);
    }

    /** A batch has its deadline for patience: nobody sits there and waits. */
    private boolean mayAwaitCircuit(Duration wait) {
      CircuitSetting circuit = setting.controls().circuit();
      return order.lastChance()
          && circuit.onOpen() == OnOpen.WAIT
          && (order.lane() == Lane.BATCH
              || order.waited().plus(wait).compareTo(circuit.maxWait()) <= 0)
          && endsInTime(wait, time.now());
    }

    private boolean endsInTime(Duration wait, Instant now) {
      return wait.compareTo(Duration.between(now, order.deadline())) < 0;
    }

    private PipelineError circuitOpen() {
      return ErrorCode.CIRCUIT_OPEN.error(
          "model %s is left alone for a while, because too many calls to it failed"
              .formatted(order.model()));
    }

    private PipelineError deadlineExceeded() {
      String after = lastError == null ? "" : "; the last call failed: " + lastError.message();
      return ErrorCode.DEADLINE_EXCEEDED.error(
          "the deadline passed after %d calls%s".formatted(calls.size(), after));
    }
  }

  private static PipelineError allKeysRest() {
    return ErrorCode.UPSTREAM_RATE_LIMITED.error(
        "every key that could be used is resting, because the provider said so");
  }
}
