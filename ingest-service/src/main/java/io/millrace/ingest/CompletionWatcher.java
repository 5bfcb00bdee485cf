package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionResult;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands results from the completions topic to the callers who wait for them. Only records whose key
 * somebody waits for are decoded, and while nobody waits for any, none is read.
 */
final class CompletionWatcher {

  static final String THREAD_NAME = "millrace-completion-watcher";

  private static final Logger LOG = LoggerFactory.getLogger(CompletionWatcher.class);

  private final String topic;
  private final Deserializer<CompletionResult> results;
  private final Waiters waiters;
  private final IngestMeters meters;

  private CompletionWatcher(
      String topic, Deserializer<CompletionResult> results, Waiters waiters, IngestMeters meters) {
    this.topic = topic;
    this.results = results;
    this.waiters = waiters;
    this.meters = meters;
  }

  /**
   * Starts to watch. Whoever waits hears from {@link Waiters#attention()} that every result that is
   * written from now on is seen.
   *
   * @throws KafkaException when the topic does not exist or the cluster cannot be reached
   */
  static TopicWatcher start(
      Consumer<String, byte[]> consumer,
      String topic,
      Deserializer<CompletionResult> results,
      Waiters waiters,
      IngestMeters meters) {
    CompletionWatcher watcher = new CompletionWatcher(topic, results, waiters, meters);
    return TopicWatcher.start(consumer, topic, THREAD_NAME, waiters.attention(), watcher::deliver);
  }

  private void deliver(ConsumerRecord<String, byte[]> completion) {
    String requestId = completion.key();
    if (requestId == null || completion.value() == null || !waiters.awaits(requestId)) {
      return;
    }
    try {
      waiters.complete(results.deserialize(topic, completion.value()));
    } catch (KafkaException e) {
      meters.undecodable(topic);
      LOG.warn(
          "cannot read {}-{}@{}: {}",
          topic,
          completion.partition(),
          completion.offset(),
          e.toString());
    }
  }
}
