package io.millrace.stages;

import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.LedgerEntry;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * What a stage group remembers: open exchanges until their result, request ids for the dedup window
 * after it, and the deadlines of the open ones in order. One object per processor and task over the
 * same stores.
 */
final class Ledger {

  private final KeyValueStore<String, LedgerEntry> open;
  private final WindowStore<String, Long> finished;
  private final DueTimes deadlines;
  private final long bucketMillis;
  private final StageSetup setup;
  private final TaskLoad load;

  Ledger(ProcessingContext context, StageSetup setup) {
    this.setup = setup;
    load = setup.load().of(context.taskId());
    open = context.getStateStore(setup.stores().ledger());
    finished = context.getStateStore(setup.stores().finished());
    deadlines = new DueTimes(context.getStateStore(setup.stores().deadlines()));
    bucketMillis = StageStores.bucket(setup.dedupWindow()).toMillis();
  }

  /** Whether this exchange is open, or was finished within the dedup window. */
  boolean knows(Exchange exchange, long nowMillis) {
    return load.isOpen(exchange.getExchangeId()) || finishedLately(exchange, nowMillis);
  }

  /**
   * Whether this exchange, or away from home this attempt, was finished within the dedup window.
   */
  boolean finishedLately(Exchange exchange, long nowMillis) {
    String key = setup.memoryKey(exchange.getExchangeId(), exchange.getAttempt());
    long newest = bucketStart(nowMillis);
    for (int back = 0; back <= StageStores.BUCKETS_PER_WINDOW; back++) {
      if (finished.fetch(key, newest - back * bucketMillis) != null) {
        return true;
      }
    }
    return false;
  }

  @Nullable LedgerEntry open(String exchangeId) {
    return open.get(exchangeId);
  }

  /** Notes that a reply to this attempt is awaited. */
  void awaitReply(Exchange exchange) {
    write(exchange, false, false);
    load.underWay(exchange.getExchangeId(), exchange.getAcceptedAtMillis());
  }

  /** Notes that this attempt is on its way back to the start of the chain. */
  void awaitFallback(Exchange exchange) {
    write(exchange, true, false);
    load.underWay(exchange.getExchangeId(), exchange.getAcceptedAtMillis());
  }

  /** Notes that the exchange waits at a hook in this attempt. */
  void park(Exchange exchange) {
    write(exchange, false, true);
    load.atRest(exchange.getExchangeId());
  }

  /**
   * Notes that the exchange has its result, or away from home, that the attempt has passed. One
   * that never was open, as an answer from the cache, leaves no tombstone. The entry is put away,
   * not deleted: a delete would read and decode it first.
   */
  @SuppressWarnings("NullAway") // a null value deletes
  void finish(Exchange exchange, long nowMillis) {
    String id = exchange.getExchangeId();
    if (load.isOpen(id)) {
      open.put(id, null);
      deadlines.remove(exchange.getDeadlineMillis(), id);
      load.ended(id);
    }
    finished.put(setup.memoryKey(id, exchange.getAttempt()), nowMillis, bucketStart(nowMillis));
  }

  /** The ids of open exchanges whose deadline has passed, oldest first, at most {@code limit}. */
  List<String> overdue(long nowMillis, int limit) {
    return deadlines.before(nowMillis, limit);
  }

  /**
   * Rebuilds what lives in memory only, deadlines and load, from the open exchanges.
   *
   * @param others is told of each open exchange
   */
  void rebuild(Consumer<LedgerEntry> others) {
    load.clear();
    try (KeyValueIterator<String, LedgerEntry> entries = open.all()) {
      while (entries.hasNext()) {
        KeyValue<String, LedgerEntry> entry = entries.next();
        Exchange exchange = entry.value.getExchange();
        deadlines.add(exchange.getDeadlineMillis(), entry.key);
        others.accept(entry.value);
        if (entry.value.getParked()) {
          load.atRest(entry.key);
        } else {
          load.underWay(entry.key, exchange.getAcceptedAtMillis());
        }
      }
    }
  }

  private void write(Exchange exchange, boolean fallbackPending, boolean parked) {
    String id = exchange.getExchangeId();
    open.put(
        id,
        new LedgerEntry(exchange.getAttempt(), fallbackPending, withoutContent(exchange), parked));
    deadlines.add(exchange.getDeadlineMillis(), id);
  }

  private long bucketStart(long millis) {
    return millis - Math.floorMod(millis, bucketMillis);
  }

  /** A copy that shares everything but the bulk: a deadline settles without messages and tools. */
  private static Exchange withoutContent(Exchange exchange) {
    return new Exchange(
        exchange.getExchangeId(),
        exchange.getRequestId(),
        exchange.getTenant(),
        withoutContent(exchange.getRequest()),
        null,
        exchange.getAttempt(),
        exchange.getTarget(),
        exchange.getFallbacks(),
        exchange.getLane(),
        exchange.getAcceptedAtMillis(),
        exchange.getDeadlineMillis(),
        exchange.getAttemptStartedAtMillis(),
        null,
        exchange.getAttemptCostNanos(),
        exchange.getAttempts(),
        exchange.getAttributes(),
        exchange.getTrail(),
        exchange.getFrames(),
        exchange.getHeaders(),
        null,
        exchange.getCaller(),
        exchange.getBackground(),
        exchange.getResponseHeaders());
  }

  private static CompletionRequest withoutContent(CompletionRequest request) {
    return new CompletionRequest(
        request.getRequestId(),
        request.getTenant(),
        request.getModel(),
        List.of(),
        List.of(),
        null,
        null,
        request.getTemperature(),
        request.getTopP(),
        request.getMaxTokens(),
        List.of(),
        request.getSeed(),
        request.getStream(),
        java.util.Map.of(),
        request.getLane(),
        request.getTimeoutMillis(),
        request.getFallbacks(),
        request.getHints(),
        request.getKind());
  }
}
