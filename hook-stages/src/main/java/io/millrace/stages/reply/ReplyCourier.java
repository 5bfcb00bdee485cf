package io.millrace.stages.reply;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LostTopics;
import io.millrace.schemas.kafka.TopicLook;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings copies of results to the topics that their requests name. It stands beside the stages, not
 * in them: a topic of somebody else that is missing, full or forbidden would fail the transaction
 * of whatever passes a stage at the time. It reads committed results, and remembers how far it came
 * in the transaction that holds the copies: who reads committed records sees each copy once,
 * whatever dies. The processes with the role hooks share the work.
 */
public final class ReplyCourier implements AutoCloseable {

  /** The event of a copy that was given up. */
  public static final String UNSENT = "reply-unsent";

  private static final Logger LOG = LoggerFactory.getLogger(ReplyCourier.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration BACK_OFF = Duration.ofMillis(500);
  private static final Duration POSITION_TIMEOUT = Duration.ofMillis(100);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final TopicLook look;
  private final LostTopics lost;
  private final String topic;
  private final Set<String> allowed;
  private final ReplyDesk.Ended ended;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private Map<TopicPartition, OffsetAndMetadata> marks = Map.of();

  private ReplyCourier(
      Consumer<byte[], byte[]> consumer,
      Supplier<Producer<byte[], byte[]>> producers,
      TopicLook look,
      String topic,
      Set<String> allowed,
      ReplyDesk.Ended ended) {
    this.consumer = consumer;
    this.producers = producers;
    this.look = look;
    this.lost = ReplyDesk.lostTopics(look::look, System::nanoTime);
    this.topic = topic;
    this.allowed = Set.copyOf(allowed);
    this.ended = ended;
    this.thread = new Thread(this::run, "millrace-replies");
  }

  /**
   * Starts one; returns at once.
   *
   * @param applicationId the stages' own; those of one pipeline share the work by it
   * @param allowed the topics that requests may name
   * @param lost hears of copies that were given up
   */
  public static ReplyCourier start(
      String applicationId,
      Set<String> allowed,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters,
      LostReplies lost) {
    String client = applicationId + "-replies";
    Map<String, Object> sending = ReplyClients.producer(client, connection);
    ReplyCourier courier =
        new ReplyCourier(
            new KafkaConsumer<>(ReplyClients.consumer(client, connection)),
            () -> new KafkaProducer<>(sending),
            new TopicLook(connection, client),
            topics.completions().name(),
            allowed,
            new ReplyLog(new ReplyMeters(meters), lost, System::nanoTime));
    courier.thread.setDaemon(true);
    courier.thread.start();
    return courier;
  }

  private void run() {
    try (look;
        consumer) {
      while (isOpen()) {
        serve();
      }
    } catch (WakeupException | InterruptException | InterruptedException e) {
      LOG.debug("{} was told to stop", thread.getName());
    } catch (RuntimeException | Error e) {
      LOG.error("{} stopped; results are no longer copied to reply topics", thread.getName(), e);
    }
  }

  private boolean isOpen() {
    return closing.getCount() > 0;
  }

  /**
   * Copies until something fails. Then nobody knows what was committed: the next producer ends what
   * the last one left open, and reading begins anew where the group stands.
   */
  private void serve() throws InterruptedException {
    try (Producer<byte[], byte[]> producer = producers.get()) {
      producer.initTransactions();
      ReplyDesk desk = new ReplyDesk(producer, lost, ended);
      consumer.subscribe(List.of(topic));
      while (isOpen()) {
        deliver(replies(), desk);
      }
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("cannot copy results of {}, trying again: {}", topic, e.toString());
      marks = Map.of();
      consumer.unsubscribe();
      pause();
    }
  }

  private List<Reply> replies() {
    List<Reply> replies = new ArrayList<>(0);
    for (ConsumerRecord<byte[], byte[]> result : consumer.poll(POLL)) {
      ReplyAddress.in(result.headers(), allowed)
          .ifPresent(address -> replies.add(new Reply(address, result)));
    }
    return replies;
  }

  private void deliver(List<Reply> replies, ReplyDesk desk) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> positions = positions();
    if (replies.isEmpty()) {
      note(positions);
      return;
    }
    ReadUpTo upTo = new ReadUpTo(positions, consumer.groupMetadata());
    List<Reply> left = desk.send(replies, upTo);
    while (!left.isEmpty()) {
      pause();
      left = desk.send(left, upTo);
    }
    marks = positions;
  }

  private void pause() throws InterruptedException {
    if (closing.await(BACK_OFF.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("stopped while waiting");
    }
  }

  /** Of the partitions that have one: nobody waits for a partition without a leader. */
  private Map<TopicPartition, OffsetAndMetadata> positions() {
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      try {
        positions.put(
            partition, new OffsetAndMetadata(consumer.position(partition, POSITION_TIMEOUT)));
      } catch (TimeoutException e) {
        LOG.debug("nobody says yet where {} begins", partition, e);
      }
    }
    return positions;
  }

  /**
   * Remembers how far it came where nothing was to be copied; also where nothing came, for a
   * partition without a mark would be begun somewhere else after a restart.
   */
  private void note(Map<TopicPartition, OffsetAndMetadata> positions) {
    if (!positions.equals(marks)) {
      consumer.commitSync(positions);
      marks = positions;
    }
  }

  /** Ends it; waits at most 10 seconds for copies that are on their way. */
  @Override
  public void close() {
    closing.countDown();
    consumer.wakeup();
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
