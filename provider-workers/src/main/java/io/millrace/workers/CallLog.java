package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls of one attempt, in the order they began. Thread-safe. */
final class CallLog {

  /** What is recorded of a call that was cut off by this side. */
  static final ProviderReply STOPPED =
      new ProviderReply.Failure(
          FailureClass.CONNECTION, ErrorCode.CANCELLED.error("the worker stopped"), null);

  private final @Nullable TokenPrice price;
  private final TimeSource time;
  private final int before;
  private final List<Entry> entries = new ArrayList<>(1);
  private boolean closed;

  /**
   * An empty log.
   *
   * @param price what the model's tokens cost, or null when nobody has said
   * @param before how many calls of the attempt are recorded already
   */
  CallLog(@Nullable TokenPrice price, TimeSource time, int before) {
    this.price = price;
    this.time = time;
    this.before = before;
  }

  /** A call begins now, whenever its thread comes to it: no call that is made goes unrecorded. */
  synchronized Entry begin(PooledKey key) {
    Entry entry = new Entry(key.name(), time.now(), time.nanoTime());
    entries.add(entry);
    return entry;
  }

  /** How many have begun. */
  synchronized int size() {
    return entries.size();
  }

  /**
   * What is to be recorded; nothing changes it any more. A call that is under way still has lost
   * the race against one that succeeded, or is stopped with the worker: it counts as cancelled.
   * What a lost one cost nobody will ever say: it is taken to be what the winner cost.
   */
  synchronized List<CallTrace> close() {
    closed = true;
    long winner = entries.stream().mapToLong(this::cost).max().orElse(0);
    List<CallTrace> traces = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      boolean lost = entry.reply == null || entry.reply.equals(STOPPED);
      traces.add(trace(entry, before + traces.size() + 1, lost ? winner : cost(entry)));
    }
    return List.copyOf(traces);
  }

  private long cost(Entry entry) {
    return price != null && entry.reply instanceof ProviderReply.Success success
        ? price.costNanos(success.completion().usage())
        : 0;
  }

  private CallTrace trace(Entry entry, int number, long costNanos) {
    ProviderReply reply = entry.reply == null ? STOPPED : entry.reply;
    long nanos = entry.reply == null ? time.nanoTime() - entry.startedNanos : entry.latencyNanos;
    Usage usage = null;
    String errorCode = null;
    switch (reply) {
      case ProviderReply.Success success -> usage = success.completion().usage();
      case ProviderReply.Failure failure -> errorCode = failure.error().code();
    }
    return new CallTrace(
        number,
        entry.keyName,
        entry.startedAt,
        nanos / 1_000,
        reply.httpStatus(),
        errorCode,
        usage,
        costNanos);
  }

  /** One call. */
  final class Entry {

    private final @Nullable String keyName;
    private final Instant startedAt;
    private final long startedNanos;
    private @Nullable ProviderReply reply;
    private long latencyNanos;

    private Entry(@Nullable String keyName, Instant startedAt, long startedNanos) {
      this.keyName = keyName;
      this.startedAt = startedAt;
      this.startedNanos = startedNanos;
    }

    Instant startedAt() {
      return startedAt;
    }

    /** Another call begins now, beside this one. */
    Entry beside(PooledKey key) {
      return begin(key);
    }

    /** It was not made after all. */
    void withdraw() {
      synchronized (CallLog.this) {
        entries.remove(this);
      }
    }

    /** How long it has been under way. */
    long soFarNanos() {
      return time.nanoTime() - startedNanos;
    }

    /** It has ended; says how long it took, in nanoseconds. */
    long end(ProviderReply with) {
      synchronized (CallLog.this) {
        long nanos = time.nanoTime() - startedNanos;
        if (!closed) {
          reply = with;
          latencyNanos = nanos;
        }
        return nanos;
      }
    }
  }
}
