package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Replies that arrived before their request was processed again after a crash: workers read
 * dispatches before they are committed, so a reply may be there while the ledger entry is not yet.
 * Held until the exchange's own deadline.
 */
final class EarlyReplies {

  private final KeyValueStore<String, Exchange> held;

  EarlyReplies(ProcessingContext context, StageSetup setup) {
    held = context.getStateStore(setup.stores().earlyReplies());
  }

  void hold(Exchange reply) {
    held.put(key(reply.getExchangeId(), reply.getAttempt()), reply);
  }

  /** The reply to this attempt, if it is here; it is held no longer. */
  @Nullable Exchange take(Exchange exchange) {
    String key = key(exchange.getExchangeId(), exchange.getAttempt());
    Exchange reply = held.get(key);
    // Deleting what is not there would cost a changelog record for every dispatch.
    return reply == null ? null : held.delete(key);
  }

  /** Drops what is past its deadline; says what. */
  List<Exchange> dropOverdue(long nowMillis) {
    List<KeyValue<String, Exchange>> overdue = new ArrayList<>();
    try (KeyValueIterator<String, Exchange> all = held.all()) {
      all.forEachRemaining(
          entry -> {
            if (entry.value.getDeadlineMillis() <= nowMillis) {
              overdue.add(entry);
            }
          });
    }
    overdue.forEach(entry -> held.delete(entry.key));
    return overdue.stream().map(entry -> entry.value).toList();
  }

  private static String key(String exchangeId, int attempt) {
    return exchangeId + "#" + attempt;
  }
}
