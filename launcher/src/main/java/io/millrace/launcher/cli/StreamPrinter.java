package io.millrace.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.pipeline.PipelineTopics;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the text of an answer's first choice while it comes. One run of an attempt is written, the
 * first that is seen from its beginning. Not thread-safe.
 */
final class StreamPrinter implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(50);

  private final Topic topic;
  private final TopicTail tail;
  private final Deserializer<CompletionChunk> chunks;
  private final PrintWriter out;
  private final StringBuilder written = new StringBuilder();
  private @Nullable String stream;

  private StreamPrinter(
      Topic topic, TopicTail tail, Deserializer<CompletionChunk> chunks, PrintWriter out) {
    this.topic = topic;
    this.tail = tail;
    this.chunks = chunks;
    this.out = out;
  }

  /** Opens it; pieces that are written from now on are seen. */
  static StreamPrinter open(
      KafkaConnection connection, TopicCatalogue topics, AvroSerdes serdes, PrintWriter out) {
    Topic topic = topics.completionChunks();
    PipelineTopics.require(connection, topic);
    return new StreamPrinter(
        topic,
        TopicTail.open(connection, topic, TopicTail.From.END),
        serdes.forType(CompletionChunk.class).deserializer(),
        out);
  }

  /** Writes what has come for a request, after a short wait. */
  void print(String requestId) {
    byte[] key = requestId.getBytes(StandardCharsets.UTF_8);
    for (ConsumerRecord<byte[], byte[]> taken : tail.poll(POLL)) {
      if (Arrays.equals(taken.key(), key)) {
        print(chunks.deserialize(topic.name(), taken.value()));
      }
    }
    out.flush();
  }

  private void print(CompletionChunk chunk) {
    if (stream == null && chunk.getSequence() == 0) {
      stream = chunk.getStream();
    }
    if (chunk.getStream().equals(stream) && chunk.getJson() != null) {
      String text = text(chunk.getJson());
      out.print(text);
      written.append(text);
    }
  }

  private static String text(String json) {
    try {
      return MAPPER.readTree(json).at("/choices/0/delta/content").asText("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  /** What was written. */
  String text() {
    return written.toString();
  }

  @Override
  public void close() {
    tail.close();
  }
}
