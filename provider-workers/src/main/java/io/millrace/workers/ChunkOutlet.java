package io.millrace.workers;

import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.openai.MergedText;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the pieces of one stream on the {@code completion-chunks} topic. Nothing is repeated: a
 * piece that the broker does not take leaves a gap that readers see, nothing is sent after it, and
 * the whole answer reaches them as the result.
 *
 * <p>A piece leaves at once while nothing of the stream is on its way to the broker. While
 * something is, pieces of text wait for it and go together in one record (Nagle, RFC 896): a quiet
 * broker answers sooner than the next piece comes, and a busy one gets fewer records. Used by one
 * thread at a time.
 */
final class ChunkOutlet {

  /** How many records may be on their way to the broker; then the provider waits. */
  static final int MAX_UNACKNOWLEDGED = 64;

  /** The first pieces never wait: a reader looks at nothing yet. */
  static final int SENT_AT_ONCE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(ChunkOutlet.class);

  private final Producer<byte[], byte[]> producer;
  private final Encoder encoder;
  private final ChunkMeters meters;
  private final Semaphore room = new Semaphore(MAX_UNACKNOWLEDGED);
  private final AtomicInteger underWay = new AtomicInteger();

  /** Never taken by the producer's callbacks: who holds it may be waiting for the producer. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile boolean broken;
  private volatile @Nullable MergedText waiting;
  private volatile @Nullable Thread arrears;
  private long sequence;

  ChunkOutlet(Producer<byte[], byte[]> producer, Encoder encoder, ChunkMeters meters) {
    this.producer = producer;
    this.encoder = encoder;
    this.meters = meters;
  }

  /** Makes the records of one stream. */
  @FunctionalInterface
  interface Encoder {
    /**
     * A record.
     *
     * @param json the piece, or null for the end
     * @param error why the stream ends too soon, or null
     */
    ProducerRecord<byte[], byte[]> encode(
        long sequence, @Nullable String json, @Nullable PipelineError error);
  }

  /** Sends a piece; waits while too many are on their way. */
  void send(String json) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (broken) {
        return;
      }
      meters.sent();
      if (!joins(json)) {
        sendWaiting();
        if (!startsToWait(json)) {
          hand(json);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says that nothing follows. Does not wait for room; of a thread that is interrupted, because the
   * worker stops, neither for a producer that takes nothing.
   */
  void end(@Nullable PipelineError error) {
    Thread sending = arrears;
    if (sending != null && Thread.currentThread().isInterrupted()) {
      sending.interrupt();
    }
    lock.lock();
    try {
      MergedText last = takeWaiting();
      if (last != null && !broken) {
        hand(last.json(), null, (sent, failure) -> note(failure));
      }
      if (!broken) {
        hand(null, error, (sent, failure) -> note(failure));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the piece goes with those that wait already. */
  private boolean joins(String json) throws InterruptedException {
    MergedText before = waiting;
    if (before == null || !before.add(json)) {
      return false;
    }
    meters.merged();
    sendWaitingIfQuiet();
    return true;
  }

  /** Whether the piece waits for company. */
  private boolean startsToWait(String json) throws InterruptedException {
    if (sequence < SENT_AT_ONCE || underWay.get() == 0) {
      return false;
    }
    MergedText text = MergedText.of(json).orElse(null);
    waiting = text;
    // What was on its way may have arrived before its callback could see that something waits.
    sendWaitingIfQuiet();
    return text != null;
  }

  private void sendWaitingIfQuiet() throws InterruptedException {
    if (underWay.get() == 0) {
      sendWaiting();
    }
  }

  private void sendWaiting() throws InterruptedException {
    MergedText text = takeWaiting();
    if (text != null) {
      hand(text.json());
    }
  }

  private @Nullable MergedText takeWaiting() {
    MergedText text = waiting;
    waiting = null;
    return text;
  }

  /** In a thread of its own: the producer's may not wait. */
  private void sendArrears() {
    lock.lock();
    arrears = Thread.currentThread();
    try {
      if (!broken) {
        sendWaitingIfQuiet();
      }
    } catch (InterruptedException | RuntimeException e) {
      note(e); // the piece is gone: nothing may follow it
    } finally {
      arrears = null;
      lock.unlock();
    }
  }

  private void hand(String json) throws InterruptedException {
    if (!room.tryAcquire()) {
      room.acquire();
    }
    underWay.incrementAndGet();
    boolean handed = false;
    try {
      handed = hand(json, null, (sent, failure) -> settled(failure));
    } finally {
      if (!handed) {
        underWay.decrementAndGet();
        room.release();
      }
    }
  }

  /** Whether the producer took it and will call back. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of failures
  private boolean hand(@Nullable String json, @Nullable PipelineError error, Callback callback)
      throws InterruptedException {
    try {
      producer.send(encoder.encode(sequence, json, error), callback);
      sequence++; // not before: what was never taken leaves no gap
      return true;
    } catch (InterruptException e) {
      Thread.interrupted(); // Kafka sets it before it throws
      throw new InterruptedException("stopped while sending a piece of a stream");
    } catch (KafkaException | IllegalStateException e) {
      note(e);
      return false;
    }
  }

  private void settled(@Nullable Exception failure) {
    note(failure);
    room.release();
    if (underWay.decrementAndGet() == 0 && waiting != null) {
      var unused = Thread.startVirtualThread(this::sendArrears);
    }
  }

  private void note(@Nullable Exception failure) {
    if (failure != null && !broken) {
      broken = true;
      meters.broken();
      LOG.warn("a stream ends early, its result comes as a whole: {}", failure.toString());
    }
  }
}
