package io.millrace.stages.reply;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A copy to be sent.
 *
 * @param address where to
 * @param result the result as it is on its topic
 */
record Reply(ReplyAddress address, ConsumerRecord<byte[], byte[]> result) {

  /**
   * The copy: key, value and headers are the result's, its time is when it is sent, for its topic
   * may refuse others.
   *
   * @param partitions how many the topic has; a partition beyond them is not heeded
   */
  ProducerRecord<byte[], byte[]> copy(int partitions) {
    Integer wanted = address.partition();
    Integer partition = wanted == null || wanted >= partitions ? null : wanted;
    return new ProducerRecord<>(
        address.topic(), partition, result.key(), result.value(), result.headers());
  }
}
