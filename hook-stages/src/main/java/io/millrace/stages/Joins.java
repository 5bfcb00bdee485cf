package io.millrace.stages;

import io.millrace.plugin.model.Completion;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.ParkedExchange;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Which exchange leads where several share one call (hook contract, H29). One object per processor
 * and task over the same stores.
 */
final class Joins {

  private final KeyValueStore<String, String> leaders;
  private final Parking parking;
  private final Ledger ledger;

  Joins(ProcessingContext context, StageSetup setup, Parking parking) {
    leaders = context.getStateStore(setup.stores().joinLeaders());
    this.parking = parking;
    ledger = new Ledger(context, setup);
  }

  /**
   * Whether another exchange leads by this key and is still under way. Should one have ended
   * without its PostHook (the hook was out of the chain for a while), it leads no more.
   */
  boolean ledByAnother(String joinKey, Exchange exchange) {
    JoinLeader leader = leader(joinKey);
    if (leader == null || leader.equals(JoinLeader.of(exchange))) {
      return false;
    }
    LedgerEntry open = ledger.open(leader.exchangeId());
    return open != null && !open.getFallbackPending() && open.getAttempt() == leader.attempt();
  }

  /**
   * Learns from an open exchange what it leads, as its notes say. Leaders live in memory only: they
   * would cost two records for each request, and what they are is in the ledger anyway.
   */
  void restore(LedgerEntry entry) {
    if (!entry.getFallbackPending()) {
      restore(entry.getExchange());
    }
  }

  /** Learns from one that was made to lead where it waits; the ledger does not have that yet. */
  void restore(ParkedExchange waiter) {
    if (waiter.getPromoted() && parking.isOpen(waiter)) {
      restore(waiter.getExchange());
    }
  }

  private void restore(Exchange exchange) {
    for (String joinKey : JoinKey.led(exchange)) {
      leaders.put(joinKey, JoinLeader.of(exchange).text());
    }
  }

  /** Makes an exchange lead in this attempt. */
  void lead(String hook, String joinKey, Exchange exchange) {
    leaders.put(joinKey, JoinLeader.of(exchange).text());
    JoinKey.noteLead(exchange, hook, joinKey);
  }

  /**
   * Ends a lead that went well.
   *
   * @return the ids of those who waited, the longest waiting first
   */
  List<String> release(String joinKey, Lead lead) {
    if (!leads(joinKey, lead)) {
      return List.of();
    }
    leaders.delete(joinKey);
    return parking.waitersOf(joinKey);
  }

  /** Ends a lead that failed: the one that has waited longest leads instead, if there is one. */
  void passOn(String joinKey, Lead lead, long nowMillis) {
    if (!leads(joinKey, lead)) {
      return;
    }
    for (String id : parking.waitersOf(joinKey)) {
      ParkedExchange waiter = parking.get(id);
      if (waiter != null && parking.isOpen(waiter)) {
        lead(waiter.getHook(), joinKey, waiter.getExchange());
        parking.promote(waiter, nowMillis);
        return;
      }
    }
    leaders.delete(joinKey);
  }

  private boolean leads(String joinKey, Lead lead) {
    return new JoinLeader(lead.exchangeId(), lead.attempt()).equals(leader(joinKey));
  }

  private @Nullable JoinLeader leader(String joinKey) {
    String text = leaders.get(joinKey);
    return text == null ? null : JoinLeader.of(text);
  }

  /**
   * Who led, and what it came to.
   *
   * @param exchangeId the exchange
   * @param attempt its attempt
   * @param tenant who asked
   * @param requestId its request, for those who waited
   * @param shared the response that came back to the hook, or null when it failed there
   */
  record Lead(
      String exchangeId,
      int attempt,
      String tenant,
      String requestId,
      @Nullable Completion shared) {

    /** The leader's request id for one who waited; empty for another tenant, whom it is hidden. */
    String shownTo(Exchange waiter) {
      return tenant.equals(waiter.getTenant()) ? requestId : "";
    }
  }
}
