package io.millrace.workers;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call to make.
 *
 * @param order the attempt it belongs to
 * @param key what to authenticate with
 * @param pass says that it may be made; ended with the call
 * @param entry where it is recorded
 * @param backoff what to wait after a failure that says nothing about it
 * @param chunks takes its pieces; null where nobody wants them
 */
record KeyedCall(
    CallOrder order,
    PooledKey key,
    ModelGate.Pass pass,
    CallLog.Entry entry,
    Duration backoff,
    AttemptChunks.@Nullable OfCall chunks) {

  /** The same with another key, to be made while this one is under way. */
  KeyedCall beside(PooledKey with, ModelGate.Pass leave) {
    return new KeyedCall(
        order, with, leave, entry.beside(with), backoff, chunks == null ? null : chunks.beside());
  }

  /** The most it may take from now on, given what any call to the model may. */
  Duration timeout(Duration most, Instant now) {
    Duration left = Duration.between(now, order.deadline());
    return left.compareTo(most) < 0 ? left : most;
  }
}
