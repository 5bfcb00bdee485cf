package io.millrace.schemas.history;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What happened to one request and goes on happening: its events, the calls made for it and its
 * result, from the topics {@code events}, {@code attempts} and {@code completions}. Reads committed
 * records only, so nothing it tells is taken back.
 *
 * <p>First {@link #past()}, once, then {@link #poll} as long as one likes. Nothing is read before
 * it is asked for, so a slow reader holds nothing up and fills no queue. No consumer group. For one
 * thread.
 */
public final class RequestHistory implements AutoCloseable {

  /** The most steps that are told of what has passed; the oldest are left out. */
  public static final int MAX_PAST_STEPS = 10_000;

  /** How long reading what has passed may take. */
  private static final Duration PAST_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
  private static final int PARTITION_FETCH_BYTES = 256 << 10;
  private static final int FETCH_BYTES = 1 << 20;

  private final Consumer<byte[], byte[]> consumer;
  private final HistoryTopics topics;
  private final HistoryDecoder decoder;
  private final HistorySpan span;
  private HistoryMark mark;
  private boolean cut;

  private RequestHistory(
      Consumer<byte[], byte[]> consumer,
      HistoryTopics topics,
      HistoryDecoder decoder,
      HistoryQuery query) {
    this.consumer = consumer;
    this.topics = topics;
    this.decoder = decoder;
    this.mark = query.after();
    Set<TopicPartition> partitions = topics.partitionsOf(query, consumer);
    this.span = HistorySpan.of(consumer, partitions, query);
    this.cut = span.cut();
    consumer.assign(partitions);
    partitions.forEach(partition -> consumer.seek(partition, startOf(partition)));
  }

  /**
   * A step and how far the reader is with it.
   *
   * @param mark what to give {@link HistoryQuery#after} to go on behind it
   */
  public record Told(HistoryStep step, HistoryMark mark) {}

  /** A step with its place. */
  private record Found(HistoryStep step, String partition, long offset, long orderMillis) {}

  /**
   * Opens a history.
   *
   * @throws KafkaException when the topics cannot be read or do not exist
   */
  public static RequestHistory open(
      KafkaConnection connection, TopicCatalogue catalogue, AvroSerdes serdes, HistoryQuery query) {
    HistoryTopics topics = new HistoryTopics(catalogue);
    HistoryDecoder decoder = new HistoryDecoder(topics, serdes, query);
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            properties(connection), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      return new RequestHistory(consumer, topics, decoder, query);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private static Map<String, Object> properties(KafkaConnection connection) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) CALL_TIMEOUT.toMillis());
    // A longer record is fetched all the same, alone.
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    return properties;
  }

  /** A mark behind the end is of another topic or made up: it would lead to the very beginning. */
  private long startOf(TopicPartition partition) {
    long start = span.starts().getOrDefault(partition, 0L);
    long next = mark.offsetOf(topics.nameOf(partition)).orElse(-1) + 1;
    return next > span.ends().getOrDefault(partition, 0L) ? start : Math.max(start, next);
  }

  /** Whether the oldest part of what has passed was left out. */
  public boolean cut() {
    return cut;
  }

  /**
   * What has passed, in order of time, the result last; each partition's own order is kept.
   *
   * @throws KafkaException when the topics cannot be read
   */
  public List<Told> past() {
    List<Found> found = new ArrayList<>();
    Map<String, Long> latest = new HashMap<>();
    long from = System.nanoTime();
    while (!reachedEnds()) {
      if (System.nanoTime() - from > PAST_TIMEOUT.toNanos()) {
        cut = true;
        break;
      }
      collect(consumer.poll(POLL), found, latest);
      if (found.size() > 2 * MAX_PAST_STEPS) {
        found.subList(0, MAX_PAST_STEPS).clear();
        cut = true;
      }
    }
    found.sort(Comparator.comparingLong(Found::orderMillis));
    int tooMany = Math.max(0, found.size() - MAX_PAST_STEPS);
    cut |= tooMany > 0;
    return marked(found.subList(tooMany, found.size()));
  }

  private boolean reachedEnds() {
    return span.ends().entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /**
   * What has come since, waiting for it no longer than this.
   *
   * @throws KafkaException when the topics cannot be read
   */
  public List<Told> poll(Duration timeout) {
    List<Found> found = new ArrayList<>();
    collect(consumer.poll(timeout), found, new HashMap<>());
    return marked(found);
  }

  /** A step is never in order before an earlier one of its partition. */
  private void collect(
      Iterable<ConsumerRecord<byte[], byte[]>> records,
      List<Found> found,
      Map<String, Long> latest) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      decoder
          .step(record)
          .ifPresent(
              step -> {
                String partition =
                    topics.nameOf(new TopicPartition(record.topic(), record.partition()));
                long order =
                    step instanceof HistoryStep.Settled
                        ? Long.MAX_VALUE
                        : latest.merge(partition, step.atMillis(), Math::max);
                found.add(new Found(step, partition, record.offset(), order));
              });
    }
  }

  private List<Told> marked(List<Found> found) {
    List<Told> told = new ArrayList<>();
    for (Found each : found) {
      mark = mark.with(each.partition(), each.offset());
      told.add(new Told(each.step(), mark));
    }
    return told;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
