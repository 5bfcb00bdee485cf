package io.millrace.stages.reply;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far results were read.
 *
 * @param positions the offsets to be read next
 * @param group who read them, so that nobody commits what is another's by now
 */
record ReadUpTo(Map<TopicPartition, OffsetAndMetadata> positions, ConsumerGroupMetadata group) {}
