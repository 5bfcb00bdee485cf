package io.millrace.ingest;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the records of a topic whose keys are request ids to those who wait for them. Only records
 * whose key somebody waits for are decoded; one that cannot be decoded is counted and passed over.
 *
 * @param <V> what the topic's values are
 */
final class AudienceWatcher<V> {

  private static final Logger LOG = LoggerFactory.getLogger(AudienceWatcher.class);

  private final String topic;
  private final Deserializer<V> values;
  private final Audience<V> audience;
  private final IngestMeters meters;

  AudienceWatcher(String topic, Deserializer<V> values, Audience<V> audience, IngestMeters meters) {
    this.topic = topic;
    this.values = values;
    this.audience = audience;
    this.meters = meters;
  }

  /**
   * Starts to watch. When this returns, every value that is written from now on is seen, as long as
   * the attention lasts.
   *
   * @param attention whether anybody needs the records
   * @throws KafkaException when the topic does not exist or the cluster cannot be reached
   */
  TopicWatcher start(Consumer<String, byte[]> consumer, String threadName, Attention attention) {
    return TopicWatcher.start(consumer, topic, threadName, attention, this::deliver);
  }

  private void deliver(ConsumerRecord<String, byte[]> record) {
    String requestId = record.key();
    if (requestId == null || record.value() == null || !audience.awaits(requestId)) {
      return;
    }
    try {
      audience.deliver(values.deserialize(topic, record.value()));
    } catch (KafkaException e) {
      meters.undecodable(topic);
      LOG.warn(
          "cannot read {}-{}@{}: {}", topic, record.partition(), record.offset(), e.toString());
    }
  }
}
