package io.millrace.workers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records and repeats until the broker has them: an outage of the broker or the registry
 * delays, it loses nothing. What should go to a topic that is none of the pipeline's, and that the
 * cluster does not have or does not allow, is given up after a while ({@link SendFailures}): nobody
 * else should wait for it. Blocks the calling thread. Thread-safe.
 */
final class Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final Producer<byte[], byte[]> producer;
  private final Backoff backoff;
  private final TimeSource time;
  private final SendFailures failures;
  private final WorkerMeters meters;
  private final AtomicLong lastLogNanos;

  Outbox(
      Producer<byte[], byte[]> producer,
      Backoff backoff,
      SendFailures failures,
      TimeSource time,
      WorkerMeters meters) {
    this.producer = producer;
    this.failures = failures;
    this.backoff = backoff;
    this.time = time;
    this.meters = meters;
    this.lastLogNanos = new AtomicLong(time.nanoTime() - LOG_INTERVAL_NANOS);
  }

  /**
   * Sends records, and returns when the broker has acknowledged all.
   *
   * @param records each encodes its record; called again for a repetition
   * @throws UnsendableException when one of them can never be sent; all others have been. Of
   *     several it is about the last
   */
  void send(List<Supplier<ProducerRecord<byte[], byte[]>>> records)
      throws InterruptedException, UnsendableException {
    Batch batch = new Batch(records);
    for (int tries = 1; batch.sendLeft(); tries++) {
      meters.sendFailed();
      time.sleep(backoff.before(tries));
    }
    if (batch.unsendable != null) {
      throw batch.unsendable;
    }
  }

  /** Sends without waiting or repeating: for the last words of a worker that stops. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of failures
  void sendOnce(Supplier<ProducerRecord<byte[], byte[]>> record) {
    try {
      producer.send(
          record.get(),
          (sent, e) -> {
            if (e != null) {
              logFailure(e);
            }
          });
    } catch (RuntimeException e) {
      logFailure(e);
    }
  }

  /** Records on their way together. */
  private final class Batch {

    private final List<Supplier<ProducerRecord<byte[], byte[]>>> records;
    private List<Integer> left;
    private @Nullable UnsendableException unsendable;

    Batch(List<Supplier<ProducerRecord<byte[], byte[]>>> records) {
      this.records = records;
      this.left = IntStream.range(0, records.size()).boxed().toList();
    }

    /** Sends what is left and waits for it; whether anything is left to repeat. */
    boolean sendLeft() throws InterruptedException {
      List<Sending> sent = new ArrayList<>(left.size());
      for (int index : left) {
        sent.add(hand(index));
      }
      List<Integer> failed = new ArrayList<>(0);
      for (Sending sending : sent) {
        if (!settled(sending)) {
          failed.add(sending.index());
        }
      }
      left = failed;
      return !failed.isEmpty();
    }

    private Sending hand(int index) throws InterruptedException {
      ProducerRecord<byte[], byte[]> encoded;
      try {
        encoded = records.get(index).get();
      } catch (RuntimeException e) {
        return new Sending(index, null, CompletableFuture.failedFuture(e));
      }
      String topic = encoded.topic();
      if (failures.givenUp(topic)) {
        var away = new UnknownTopicOrPartitionException(topic);
        return new Sending(index, topic, CompletableFuture.failedFuture(away));
      }
      try {
        return new Sending(index, topic, producer.send(encoded));
      } catch (InterruptException e) {
        throw interrupted();
      } catch (KafkaException e) {
        return new Sending(index, topic, CompletableFuture.failedFuture(e));
      }
    }

    /** Whether a record needs no repetition: the broker has it, or it can never be sent. */
    private boolean settled(Sending sending) throws InterruptedException {
      try {
        sending.future().get();
        failures.sent(sending.topic());
        return true;
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        UnsendableException verdict = failures.verdict(sending.index(), sending.topic(), cause);
        if (verdict == null) {
          logFailure(cause);
          return false;
        }
        meters.unsendable(verdict.reason());
        if (unsendable == null || unsendable.index() < verdict.index()) {
          unsendable = verdict;
        }
        return true;
      }
    }
  }

  /** A record on its way; its topic is null where it could not be encoded. */
  private record Sending(int index, @Nullable String topic, Future<RecordMetadata> future) {}

  /** One line now and then: in an outage every call in flight comes by here. */
  private void logFailure(Throwable cause) {
    long now = time.nanoTime();
    long last = lastLogNanos.get();
    if (now - last >= LOG_INTERVAL_NANOS && lastLogNanos.compareAndSet(last, now)) {
      LOG.warn("outcomes cannot be sent and are kept for another try: {}", cause.toString());
    }
  }

  /** Kafka sets the interrupt before it throws; ours does not. */
  private static InterruptedException interrupted() {
    Thread.interrupted();
    return new InterruptedException("stopped while sending");
  }
}
