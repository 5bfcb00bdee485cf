package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.ParkedExchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges that wait at a hook, for a time or for another exchange (hook contract, H28 to H30).
 * The ledger knows of each, so its deadline holds and its id is not run again meanwhile. One object
 * per processor and task over the same stores.
 */
final class Parking {

  private final KeyValueStore<String, ParkedExchange> parked;
  private final DueTimes due;
  private final KeyValueStore<String, Integer> perTenant;
  private final KeyValueStore<String, String> waiters;
  private final Ledger ledger;
  private final int maxPerTenant;

  Parking(ProcessingContext context, StageSetup setup) {
    parked = context.getStateStore(setup.stores().parked());
    due = new DueTimes(context.getStateStore(setup.stores().parkedDue()));
    perTenant = context.getStateStore(setup.stores().parkedPerTenant());
    waiters = context.getStateStore(setup.stores().waiters());
    ledger = new Ledger(context, setup);
    maxPerTenant = setup.maxParkedPerTenant();
  }

  /** Whether the tenant may not park another exchange. */
  boolean full(String tenant) {
    return count(tenant) >= maxPerTenant;
  }

  /**
   * Parks an exchange at a hook until a time: until its deferral is over, or to see whether its
   * call is answered.
   *
   * @param direction whether it waits on its way there or back
   */
  void untilTime(
      String hook, Exchange exchange, long nowMillis, long dueMillis, HookDirection direction) {
    boolean returning = direction == HookDirection.POST;
    park(new ParkedExchange(hook, nowMillis, dueMillis, null, false, exchange, returning));
    remindAt(dueMillis, exchange.getExchangeId());
  }

  /**
   * Parks an exchange at a hook until the one that leads is done.
   *
   * @param remindMillis when to see whether that one is still there
   */
  void untilLeaderIsDone(
      String hook, Exchange exchange, long nowMillis, String joinKey, long remindMillis) {
    ParkedExchange entry =
        new ParkedExchange(hook, nowMillis, null, joinKey, false, exchange, false);
    park(entry);
    waiters.put(waiterKey(entry), exchange.getExchangeId());
    remindAt(remindMillis, exchange.getExchangeId());
  }

  /** Makes one that waits lead: it goes on at the next tick. */
  void promote(ParkedExchange waiter, long nowMillis) {
    waiters.delete(waiterKey(waiter));
    waiter.setPromoted(true);
    waiter.setDueAtMillis(nowMillis);
    parked.put(waiter.getExchange().getExchangeId(), waiter);
    remindAt(nowMillis, waiter.getExchange().getExchangeId());
  }

  /** What waits under this id, or null. */
  @Nullable ParkedExchange get(String exchangeId) {
    return parked.get(exchangeId);
  }

  /** Whether what waits is still wanted: open, and in the attempt in which it was parked. */
  boolean isOpen(ParkedExchange entry) {
    LedgerEntry open = ledger.open(entry.getExchange().getExchangeId());
    return open != null
        && open.getParked()
        && open.getAttempt() == entry.getExchange().getAttempt();
  }

  /** Takes an exchange out, wherever it goes from here. */
  void remove(ParkedExchange entry) {
    Exchange exchange = entry.getExchange();
    parked.delete(exchange.getExchangeId());
    Long dueMillis = entry.getDueAtMillis();
    if (dueMillis != null) {
      due.remove(dueMillis, exchange.getExchangeId());
    }
    if (waits(entry)) {
      waiters.delete(waiterKey(entry));
    }
    perTenant.put(exchange.getTenant(), count(exchange.getTenant()) - 1);
  }

  /** Takes an exchange out by its id; null when it is not here, or not wanted any more. */
  @Nullable ParkedExchange take(String exchangeId) {
    ParkedExchange entry = parked.get(exchangeId);
    if (entry == null) {
      return null;
    }
    remove(entry);
    return isOpen(entry) ? entry : null;
  }

  /** Whether it waits for another exchange, and not for a time. */
  static boolean waits(ParkedExchange entry) {
    return entry.getJoinKey() != null && !entry.getPromoted();
  }

  /** Ids of what waits for the leader of a key, the longest waiting first. */
  List<String> waitersOf(String joinKey) {
    List<String> ids = new ArrayList<>();
    try (KeyValueIterator<String, String> found =
        waiters.range(joinKey + ":", joinKey + ";")) { // the semicolon follows the colon
      found.forEachRemaining(entry -> ids.add(entry.value));
    }
    return ids;
  }

  /** Ids whose time has come, oldest first; each is named once. */
  List<String> takeDue(long nowMillis, int limit) {
    return due.takeBefore(nowMillis + 1, limit);
  }

  /** Names an id as due at a time. */
  void remindAt(long millis, String exchangeId) {
    due.add(millis, exchangeId);
  }

  /**
   * Rebuilds what lives in memory only; who waits for another is looked at again at once.
   *
   * @param others is told of each that is parked
   */
  void rebuild(long nowMillis, Consumer<ParkedExchange> others) {
    Map<String, Integer> counts = new HashMap<>();
    try (KeyValueIterator<String, ParkedExchange> all = parked.all()) {
      while (all.hasNext()) {
        KeyValue<String, ParkedExchange> next = all.next();
        remindAt(Objects.requireNonNullElse(next.value.getDueAtMillis(), nowMillis), next.key);
        if (waits(next.value)) {
          waiters.put(waiterKey(next.value), next.key);
        }
        others.accept(next.value);
        counts.merge(next.value.getExchange().getTenant(), 1, Integer::sum);
      }
    }
    counts.forEach(perTenant::put);
  }

  private void park(ParkedExchange entry) {
    Exchange exchange = entry.getExchange();
    parked.put(exchange.getExchangeId(), entry);
    perTenant.put(exchange.getTenant(), count(exchange.getTenant()) + 1);
    ledger.park(exchange);
  }

  private int count(String tenant) {
    return Objects.requireNonNullElse(perTenant.get(tenant), 0);
  }

  private static String waiterKey(ParkedExchange entry) {
    return String.format(
        Locale.ROOT,
        "%s:%019d:%s",
        entry.getJoinKey(),
        entry.getParkedAtMillis(),
        entry.getExchange().getExchangeId());
  }
}
