package io.millrace.workers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records and repeats until the broker has them: an outage of the broker or the registry
 * delays, it loses nothing. Blocks the calling thread. Thread-safe.
 */
final class Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final Producer<byte[], byte[]> producer;
  private final Backoff backoff;
  private final TimeSource time;
  private final WorkerMeters meters;
  private final AtomicLong lastLogNanos;

  Outbox(Producer<byte[], byte[]> producer, Backoff backoff, TimeSource time, WorkerMeters meters) {
    this.producer = producer;
    this.backoff = backoff;
    this.time = time;
    this.meters = meters;
    this.lastLogNanos = new AtomicLong(time.nanoTime() - LOG_INTERVAL_NANOS);
  }

  /**
   * Sends records, and returns when the broker has acknowledged all.
   *
   * @param records each encodes its record; called again for a repetition
   * @throws UnsendableException when one of them can never be sent; all others have been
   */
  void send(List<Supplier<ProducerRecord<byte[], byte[]>>> records)
      throws InterruptedException, UnsendableException {
    Batch batch = new Batch(records);
    for (int failures = 1; batch.sendLeft(); failures++) {
      meters.sendFailed();
      time.sleep(backoff.before(failures));
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

    private List<Supplier<ProducerRecord<byte[], byte[]>>> left;
    private @Nullable UnsendableException unsendable;

    Batch(List<Supplier<ProducerRecord<byte[], byte[]>>> records) {
      this.left = records;
    }

    /** Sends what is left and waits for it; whether anything is left to repeat. */
    boolean sendLeft() throws InterruptedException {
      List<Future<RecordMetadata>> futures = new ArrayList<>(left.size());
      for (Supplier<ProducerRecord<byte[], byte[]>> record : left) {
        futures.add(hand(record));
      }
      List<Supplier<ProducerRecord<byte[], byte[]>>> failed = new ArrayList<>(0);
      for (int i = 0; i < futures.size(); i++) {
        if (!settled(futures.get(i))) {
          failed.add(left.get(i));
        }
      }
      left = failed;
      return !failed.isEmpty();
    }

    private Future<RecordMetadata> hand(Supplier<ProducerRecord<byte[], byte[]>> record)
        throws InterruptedException {
      ProducerRecord<byte[], byte[]> encoded;
      try {
        encoded = record.get();
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
      try {
        return producer.send(encoded);
      } catch (InterruptException e) {
        throw interrupted();
      } catch (KafkaException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    /** Whether a record needs no repetition: the broker has it, or it can never be sent. */
    private boolean settled(Future<RecordMetadata> future) throws InterruptedException {
      try {
        future.get();
        return true;
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof RecordTooLargeException) {
          unsendable = new UnsendableException("it is larger than a record may be", cause);
          return true;
        }
        if (cause instanceof InvalidTopicException || cause instanceof PolicyViolationException) {
          unsendable = new UnsendableException("the broker will never take it", cause);
          return true;
        }
        if (!(cause instanceof KafkaException) || cause instanceof SerializationException) {
          unsendable = new UnsendableException("it cannot be encoded", cause);
          return true;
        }
        logFailure(cause);
        return false;
      }
    }
  }

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
