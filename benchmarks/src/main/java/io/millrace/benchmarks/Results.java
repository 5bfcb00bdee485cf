package io.millrace.benchmarks;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Counts what arrives on a topic from now on, and notes when counts are reached. Reads on a thread
 * of its own; the rest is thread-safe.
 */
final class Results implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(20);
  private static final long WATCH_INTERVAL_MILLIS = 100;

  private final KafkaConsumer<String, byte[]> consumer;
  private final CpuTime cpu;
  private final Consumer<ConsumerRecord<String, byte[]>> each;
  private final PriorityQueue<Awaited> awaited =
      new PriorityQueue<>(Comparator.comparingLong(Awaited::count));
  private final Thread reader;
  private long count;
  private volatile boolean closing;

  /**
   * A count that was reached.
   *
   * @param count how many had arrived: at least as many as asked for
   * @param atNanos when, by {@link System#nanoTime}
   * @param cpu processor time used by then
   */
  record Mark(long count, long atNanos, Duration cpu) {

    double secondsSince(Mark earlier) {
      return (atNanos - earlier.atNanos) / 1e9;
    }

    double perSecondSince(Mark earlier) {
      return (count - earlier.count) / secondsSince(earlier);
    }

    double cpuMicrosEachSince(Mark earlier) {
      return cpu.minus(earlier.cpu).toNanos() / 1e3 / (count - earlier.count);
    }
  }

  private record Awaited(long count, CompletableFuture<Mark> mark) {}

  private Results(
      KafkaConsumer<String, byte[]> consumer,
      CpuTime cpu,
      Consumer<ConsumerRecord<String, byte[]>> each) {
    this.consumer = consumer;
    this.cpu = cpu;
    this.each = each;
    this.reader = Thread.ofPlatform().name("results").unstarted(this::read);
  }

  /**
   * Begins to read at the end of a topic.
   *
   * @param cpu noted with each mark
   * @param each is given every record, on the reading thread, as soon as it is here
   */
  static Results of(
      KafkaConnection connection,
      String topic,
      IsolationLevel isolation,
      CpuTime cpu,
      Consumer<ConsumerRecord<String, byte[]>> each) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString().toLowerCase(Locale.ROOT));
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    Results results = new Results(consumer, cpu, each);
    results.reader.start();
    return results;
  }

  synchronized long count() {
    return count;
  }

  /** A mark that is completed as soon as so many have arrived; now where they are there already. */
  synchronized CompletableFuture<Mark> at(long wanted) {
    CompletableFuture<Mark> mark = new CompletableFuture<>();
    awaited.add(new Awaited(wanted, mark));
    reached(0, System.nanoTime());
    return mark;
  }

  /**
   * Waits for a mark.
   *
   * @param health throws when there is no point in waiting any longer
   */
  Mark await(CompletableFuture<Mark> mark, Duration timeout, Runnable health)
      throws InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        return mark.get(WATCH_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        health.run();
        if (System.nanoTime() > until) {
          throw new IllegalStateException(
              "%d results have arrived after %d s, and more were expected"
                  .formatted(count(), timeout.toSeconds()),
              e);
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("results cannot be read", e.getCause());
      }
    }
  }

  private void read() {
    try {
      while (!closing) {
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        long now = System.nanoTime();
        records.forEach(each);
        reached(records.count(), now);
      }
    } catch (RuntimeException e) {
      failAll(e);
    } finally {
      LoneConsumer.close(consumer);
    }
  }

  private synchronized void reached(int more, long now) {
    count += more;
    while (!awaited.isEmpty() && awaited.peek().count() <= count) {
      awaited.remove().mark().complete(new Mark(count, now, cpu.used()));
    }
  }

  private synchronized void failAll(RuntimeException reason) {
    List<Awaited> all = new ArrayList<>(awaited);
    awaited.clear();
    all.forEach(one -> one.mark().completeExceptionally(reason));
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    reader.join();
  }
}
