package io.millrace.workers;

import io.millrace.plugin.model.PipelineError;
import java.util.concurrent.Semaphore;
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
 * the whole answer reaches them as the result. Used by one thread.
 */
final class ChunkOutlet {

  /** How many pieces may be on their way to the broker; then the provider waits. */
  static final int MAX_UNACKNOWLEDGED = 64;

  private static final Logger LOG = LoggerFactory.getLogger(ChunkOutlet.class);

  private final Producer<byte[], byte[]> producer;
  private final Encoder encoder;
  private final ChunkMeters meters;
  private final Semaphore room = new Semaphore(MAX_UNACKNOWLEDGED);
  private volatile boolean broken;
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
    if (broken) {
      return;
    }
    room.acquire();
    meters.sent();
    if (!hand(json, null, (sent, failure) -> settled(failure))) {
      room.release();
    }
  }

  /** Says that nothing follows. Does not wait for room. */
  void end(@Nullable PipelineError error) {
    try {
      if (!broken) {
        hand(null, error, (sent, failure) -> note(failure));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the producer took it and will call back. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of failures
  private boolean hand(@Nullable String json, @Nullable PipelineError error, Callback callback)
      throws InterruptedException {
    try {
      producer.send(encoder.encode(sequence++, json, error), callback);
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
  }

  private void note(@Nullable Exception failure) {
    if (failure != null && !broken) {
      broken = true;
      meters.broken();
      LOG.warn("a stream ends early, its result comes as a whole: {}", failure.toString());
    }
  }
}
