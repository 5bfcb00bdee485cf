package io.millrace.stages;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.OperationReply;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.streams.CommitBeat;
import io.millrace.schemas.topic.DeadLetterHeaders;
import io.millrace.schemas.topic.DeadLetterParts;
import io.millrace.schemas.topic.HomeScope;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What every node of a stage may send besides the exchange itself: events, dead letters, and
 * requests that hooks send of their own accord.
 */
final class Outlet {

  private final ProcessorContext<String, Object> context;
  private final PipelineEvents events;
  private final StageNodes nodes;
  private final HomeScope homeScope;
  private final CommitBeat commits;

  Outlet(
      ProcessorContext<String, Object> context,
      PipelineEvents events,
      StageNodes nodes,
      HomeScope homeScope,
      CommitBeat commits) {
    this.context = context;
    this.events = events;
    this.nodes = nodes;
    this.homeScope = homeScope;
    this.commits = commits;
  }

  /** Who says so on events and dead letters. */
  String source() {
    return nodes.group();
  }

  long nowMillis() {
    return context.currentSystemTimeMs();
  }

  /** Notes that a record came in. */
  void cameIn() {
    commits.came();
  }

  /** Hands an exchange to another node of this task. */
  void pass(Passage passage, String key, String node) {
    forward(new Record<>(key, passage, nowMillis()), node);
  }

  /** Whatever is sent on, somebody may wait for. */
  private <V> void forward(Record<String, V> record, String node) {
    commits.done();
    context.forward(record, node);
  }

  /**
   * Puts an event about an exchange on the events topic, in the exchange's transaction. Listeners
   * in this process hear of it at once, so they may hear of what is taken back and done again.
   */
  void event(Exchange exchange, String source, String type, Map<String, String> attributes) {
    PipelineEvent event =
        new PipelineEvent(
            type,
            nowMillis(),
            source,
            exchange.getRequestId(),
            exchange.getTenant(),
            exchange.getAttempt(),
            attributes);
    forward(new Record<>(exchange.getRequestId(), event, event.getAtMillis()), nodes.toEvents());
    events.publish(event);
  }

  /** Tells listeners in this process of something that is not worth a record. */
  void tellHere(Exchange exchange, String type, Map<String, String> attributes) {
    if (events.heard()) {
      events.publish(
          new PipelineEvent(
              type,
              nowMillis(),
              source(),
              exchange.getRequestId(),
              exchange.getTenant(),
              exchange.getAttempt(),
              attributes));
    }
  }

  /** Tells that a hook that an exchange has to do with is not in the chain any more. */
  void hookGone(Exchange exchange, String hook) {
    event(exchange, source(), EventTypes.HOOK_SKIPPED, Map.of("hook", hook));
  }

  /** Tells which hooks would have to see the outcome and are not in this group any more. */
  void hooksGone(Passage passage, Predicate<String> present) {
    for (String hook : passage.hooksToUnwind()) {
      if (!present.test(hook)) {
        hookGone(passage.exchange(), hook);
      }
    }
  }

  /** Puts an event that is about no exchange on the events topic, in the transaction at hand. */
  void event(String source, @Nullable String tenant, String type, Map<String, String> attributes) {
    PipelineEvent event =
        new PipelineEvent(type, nowMillis(), source, null, tenant, null, attributes);
    // A null key: the topic is keyed by request, and there is none.
    forward(new Record<>(null, event, event.getAtMillis()), nodes.toEvents());
    events.publish(event);
  }

  /** Answers an operator. */
  void reply(OperationReply reply) {
    forward(
        new Record<>(reply.getOperationId(), reply, reply.getAtMillis()),
        nodes.toOperationReplies());
  }

  /** Sends an exchange that begins here to where the home stage takes it in. */
  void begin(Exchange exchange) {
    String key = homeScope.keyOf(exchange.getTenant(), exchange.getExchangeId());
    forward(new Record<>(key, exchange, nowMillis()), nodes.toHome());
  }

  /**
   * Puts a record that cannot be understood on the dead-letters topic, its bytes as they came. Its
   * time is now: a broker refuses times far from its own.
   */
  void deadLetter(Record<String, byte[]> record, String errorCode, String message) {
    DeadLetterHeaders.Origin origin =
        context
            .recordMetadata()
            .map(metadata -> originOf(metadata, record.timestamp()))
            .orElseGet(() -> new DeadLetterHeaders.Origin("", -1, -1, record.timestamp()));
    DeadLetterParts parts = new DeadLetterParts(message);
    String key = parts.key(record.key());
    byte[] value = parts.value(record.value());
    forward(
        new Record<>(
            key,
            (Object) value,
            nowMillis(),
            parts.headers(record.headers(), origin, errorCode, source())),
        nodes.toDeadLetters());
  }

  private static DeadLetterHeaders.Origin originOf(RecordMetadata metadata, long timestamp) {
    return new DeadLetterHeaders.Origin(
        metadata.topic(), metadata.partition(), metadata.offset(), timestamp);
  }
}
