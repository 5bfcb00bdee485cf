package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionChunk;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the pieces of streamed answers to the callers who read them. Only records whose key
 * somebody waits for are decoded, and while nobody waits for any, none is read.
 */
final class ChunkWatcher {

  static final String THREAD_NAME = "millrace-chunk-watcher";

  private static final Logger LOG = LoggerFactory.getLogger(ChunkWatcher.class);

  private final String topic;
  private final Deserializer<CompletionChunk> chunks;
  private final OpenStreams streams;
  private final IngestMeters meters;

  private ChunkWatcher(
      String topic,
      Deserializer<CompletionChunk> chunks,
      OpenStreams streams,
      IngestMeters meters) {
    this.topic = topic;
    this.chunks = chunks;
    this.streams = streams;
    this.meters = meters;
  }

  /**
   * Starts to watch.
   *
   * @throws KafkaException when the topic does not exist or the cluster cannot be reached
   */
  static TopicWatcher start(
      Consumer<String, byte[]> consumer,
      String topic,
      Deserializer<CompletionChunk> chunks,
      OpenStreams streams,
      IngestMeters meters) {
    ChunkWatcher watcher = new ChunkWatcher(topic, chunks, streams, meters);
    return TopicWatcher.start(consumer, topic, THREAD_NAME, streams.attention(), watcher::deliver);
  }

  private void deliver(ConsumerRecord<String, byte[]> piece) {
    String requestId = piece.key();
    if (requestId == null || piece.value() == null || !streams.awaits(requestId)) {
      return;
    }
    try {
      streams.deliver(chunks.deserialize(topic, piece.value()));
    } catch (KafkaException e) {
      meters.undecodable(topic);
      LOG.warn("cannot read {}-{}@{}: {}", topic, piece.partition(), piece.offset(), e.toString());
    }
  }
}
