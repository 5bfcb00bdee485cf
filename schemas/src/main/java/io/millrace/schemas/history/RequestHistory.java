package io.millrace.schemas.history;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What happened to one request and goes on happening: its events, the calls made for it and its
 * result, from the topics {@code events}, {@code attempts} and {@code completions}. Reads committed
 * records only, so nothing it tells is taken back.
 *
 * <p>First {@link #past}, once, then {@link #poll} as long as one likes. Nothing is read before it
 * is asked for, so a slow reader holds nothing up and fills no queue. No consumer group. For one
 * thread.
 */
public final class RequestHistory implements AutoCloseable {

  /** The most steps that are told of what has passed; the oldest are left out. */
  public static final int MAX_PAST_STEPS = 10_000;

  private static final Duration POLL = Duration.ofMillis(250);

  private final Consumer<byte[], byte[]> consumer;
  private final HistoryTopics topics;
  private final HistoryDecoder decoder;
  private final HistorySpan span;
  private HistoryMark mark;
  private boolean cut;
  private boolean unread;

  RequestHistory(
      Consumer<byte[], byte[]> consumer,
      HistoryTopics topics,
      HistoryDecoder decoder,
      HistoryQuery query) {
    this.consumer = consumer;
    this.topics = topics;
    this.decoder = decoder;
    this.mark = query.after();
    Set<TopicPartition> partitions = topics.partitionsOf(query, consumer);
    this.span = HistorySpan.of(consumer, partitions, query, topics::nameOf);
    this.cut = span.cut();
    consumer.assign(partitions);
    span.starts().forEach(consumer::seek);
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
    Consumer<byte[], byte[]> consumer = HistoryConsumer.open(connection);
    try {
      return new RequestHistory(consumer, topics, decoder, query);
    } catch (RuntimeException e) {
      LoneConsumer.close(consumer);
      throw e;
    }
  }

  /** Whether the oldest part of what has passed was left out. */
  public boolean cut() {
    return cut;
  }

  /**
   * Whether {@link #past} ended before it had read everything. It reads from the old end, so what
   * is missing is the newest; {@link #poll} goes on with it.
   */
  public boolean unread() {
    return unread;
  }

  /**
   * {@link #past(LongPredicate)} for no longer than this.
   *
   * @throws KafkaException when the topics cannot be read
   */
  public List<Told> past(Duration timeout) {
    long from = System.nanoTime();
    return past(records -> System.nanoTime() - from < timeout.toNanos());
  }

  /**
   * What has passed, in order of time, the result last; each partition's own order is kept.
   *
   * @param goOn is asked before each look at the topics, a few times a second at least, with how
   *     many records of all requests were read until now; after a false nothing more is read
   * @throws KafkaException when the topics cannot be read
   */
  public List<Told> past(LongPredicate goOn) {
    List<Found> found = new ArrayList<>();
    Map<String, Long> latest = new HashMap<>();
    long read = 0;
    while (!reachedEnds()) {
      if (!goOn.test(read)) {
        unread = true;
        break;
      }
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      read += records.count();
      collect(records, found, latest);
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
    LoneConsumer.close(consumer);
  }
}
