package io.millrace.workers;

import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;

/**
 * Makes a call and tells everybody how it ended: the attempt's log, the model's gate, the pool of
 * keys, the meters. Thread-safe.
 */
final class MeasuredCaller implements Caller {

  private final ProviderCaller caller;
  private final ProviderSetting setting;
  private final KeyPool keys;
  private final TimeSource time;
  private final WorkerMeters meters;

  MeasuredCaller(
      ProviderCaller caller,
      ProviderSetting setting,
      KeyPool keys,
      TimeSource time,
      WorkerMeters meters) {
    this.caller = caller;
    this.setting = setting;
    this.keys = keys;
    this.time = time;
    this.meters = meters;
  }

  @Override
  public ProviderReply call(KeyedCall call) throws InterruptedException {
    CallOrder order = call.order();
    CallLog.Entry entry = call.entry();
    Duration timeout = call.timeout(setting.timeoutOf(order.model()), entry.startedAt());
    AttemptChunks.OfCall chunks = call.chunks();
    if (chunks != null) {
      chunks.onFirst(() -> call.pass().began(entry.soFarNanos()));
    }
    ProviderReply reply = CallLog.STOPPED;
    try {
      reply =
          caller.call(
              new ProviderRequest(
                  order.request(), order.model(), order.callId(), call.key().secret(), timeout),
              chunks);
      if (reply instanceof ProviderReply.Failure failure) {
        keys.mark(call.key(), order.model(), failure, call.backoff(), time.steadyNow());
      }
      return reply;
    } finally {
      if (chunks != null) {
        chunks.close();
      }
      long nanos = entry.end(reply);
      call.pass().end(reply, timeout, nanos, call.key().name());
      meters.called(reply, nanos);
      meters.calls().called(call.key().name(), reply);
    }
  }
}
