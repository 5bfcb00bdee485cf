package io.millrace.stages.reply;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings copies of results to the topics that their requests name. It stands beside the stages, not
 * in them: a topic of somebody else that is missing, full or forbidden would fail the transaction
 * of whatever passes a stage at the time. It reads committed results and remembers how far it came
 * once the broker has the copies; so a copy may come twice after a crash, and is never lost to one.
 * The processes with the role hooks share the work.
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
  private final Producer<byte[], byte[]> producer;
  private final TopicLook look;
  private final String topic;
  private final Set<String> allowed;
  private final ReplyDesk desk;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private Map<TopicPartition, OffsetAndMetadata> marks = Map.of();

  private ReplyCourier(
      Consumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> producer,
      TopicLook look,
      String topic,
      Set<String> allowed,
      ReplyDesk.Ended ended) {
    this.consumer = consumer;
    this.producer = producer;
    this.look = look;
    this.topic = topic;
    this.allowed = Set.copyOf(allowed);
    this.desk = new ReplyDesk(producer, look::look, System::nanoTime, ended);
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
    ReplyLog ended = new ReplyLog(new ReplyMeters(meters), lost, System::nanoTime);
    ReplyCourier courier =
        new ReplyCourier(
            new KafkaConsumer<>(ReplyClients.consumer(client, connection)),
            new KafkaProducer<>(ReplyClients.producer(client, connection)),
            new TopicLook(connection, client),
            topics.completions().name(),
            allowed,
            ended);
    courier.thread.setDaemon(true);
    courier.thread.start();
    return courier;
  }

  private void run() {
    try (producer;
        look;
        consumer) {
      consumer.subscribe(List.of(topic));
      while (isOpen()) {
        turn();
      }
    } catch (WakeupException | InterruptedException e) {
      LOG.debug("{} was told to stop", thread.getName());
    } catch (RuntimeException | Error e) {
      LOG.error("{} stopped; results are no longer copied to reply topics", thread.getName(), e);
    }
  }

  private boolean isOpen() {
    return closing.getCount() > 0;
  }

  private void turn() throws InterruptedException {
    try {
      deliver(replies());
      note();
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("cannot read {}, trying again: {}", topic, e.toString());
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

  private void deliver(List<Reply> replies) throws InterruptedException {
    List<Reply> left = replies.isEmpty() ? replies : desk.send(replies);
    while (!left.isEmpty()) {
      pause();
      left = desk.send(left);
    }
  }

  private void pause() throws InterruptedException {
    if (closing.await(BACK_OFF.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("stopped while waiting");
    }
  }

  /**
   * Remembers how far it came; also where nothing came, for a partition without a mark would be
   * begun somewhere else after a restart.
   */
  private void note() {
    Map<TopicPartition, OffsetAndMetadata> positions = positions();
    if (!positions.equals(marks)) {
      consumer.commitSync(positions);
      marks = positions;
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
