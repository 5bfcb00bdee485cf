package io.millrace.schemas.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a compacted topic from its beginning and follows it. One thread; reading goes on, once a
 * second, when the cluster or the schema registry refuses, and no record is passed over for that.
 * Thread-safe.
 */
public final class TopicFollower implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);

  private final WholeTopic topic;
  private final Consumer<ConsumerRecord<String, byte[]>> listener;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean caughtUp;

  private TopicFollower(
      WholeTopic topic, Consumer<ConsumerRecord<String, byte[]>> listener, String threadName) {
    this.topic = topic;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this::run);
  }

  /**
   * Begins to read.
   *
   * @param threadName of the one thread that reads and calls the listener
   * @param listener called for each record; one with a null key is passed over. A {@link
   *     KafkaException} in it lets it see the record again later; anything else is a bug, is logged
   *     and passes the record over
   */
  public static TopicFollower start(
      String topic,
      KafkaConnection connection,
      String threadName,
      Consumer<ConsumerRecord<String, byte[]>> listener) {
    TopicFollower follower =
        new TopicFollower(WholeTopic.open(topic, connection), listener, threadName);
    follower.thread.start();
    return follower;
  }

  /** Whether everything that was on the topic at the start has been followed. */
  public boolean caughtUp() {
    return caughtUp;
  }

  private void run() {
    try (topic) {
      while (closing.getCount() > 0) {
        read();
      }
    } catch (WakeupException e) {
      LOG.debug("no longer following topic {}", topic.name());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws InterruptedException {
    try {
      if (!topic.assigned()) {
        waitBeforeRetry();
        return;
      }
      follow(topic.poll(POLL));
      caughtUp = caughtUp || topic.atEnd();
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("topic {} cannot be read, trying on: {}", topic.name(), e.getMessage());
      waitBeforeRetry();
    }
  }

  private void follow(List<ConsumerRecord<String, byte[]>> records) {
    int done = 0;
    try {
      for (ConsumerRecord<String, byte[]> record : records) {
        follow(record);
        done++;
      }
    } finally {
      topic.unread(records.subList(done, records.size()));
    }
  }

  private void follow(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null) {
      return;
    }
    try {
      listener.accept(record);
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error(
          "the record at {}-{} offset {} is passed over",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
    }
  }

  private void waitBeforeRetry() throws InterruptedException {
    if (closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new WakeupException();
    }
  }

  /** Stops reading; waits at most 5 s. Idempotent. */
  @Override
  public void close() {
    closing.countDown();
    topic.wakeup();
    try {
      if (!thread.join(CLOSE_TIMEOUT)) {
        LOG.warn("the reader of topic {} does not end", topic.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
