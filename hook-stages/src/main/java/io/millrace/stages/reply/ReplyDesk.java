package io.millrace.stages.reply;

import io.millrace.schemas.kafka.LostTopics;
import io.millrace.schemas.kafka.TopicState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Sends copies of results, and gives up what cannot be sent: a topic that is not there, not allowed
 * or without leaders keeps the copies for others waiting once, for {@link #PATIENCE} and the time
 * of a send, and not again until it is well. While the cluster does not answer at all, nothing is
 * given up. Used by one thread.
 */
final class ReplyDesk {

  /** How long copies wait for a topic that is in trouble. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final LostTopics lost;
  private final Ended ended;

  ReplyDesk(
      Producer<byte[], byte[]> producer, LostTopics.Look look, LongSupplier nanoTime, Ended ended) {
    this.producer = producer;
    this.lost = new LostTopics(look, state -> state != TopicState.UNKNOWN, PATIENCE, nanoTime);
    this.ended = ended;
  }

  /** Hears what becomes of each copy, once. */
  interface Ended {

    /** A copy was sent, or was given up. */
    void accept(Reply reply, ReplyOutcome outcome);
  }

  /**
   * Sends copies once, and waits for the broker.
   *
   * @return those that are worth another try
   */
  List<Reply> send(List<Reply> replies) throws InterruptedException {
    List<Reply> handed = new ArrayList<>(replies.size());
    List<Future<RecordMetadata>> sent = new ArrayList<>(replies.size());
    for (Reply reply : replies) {
      Optional<TopicState> givenUp = lost.givenUp(reply.address().topic());
      if (givenUp.isPresent()) {
        ended.accept(reply, ReplyOutcome.of(givenUp.get()));
      } else {
        handed.add(reply);
        sent.add(hand(reply));
      }
    }
    List<Reply> again = new ArrayList<>(0);
    for (int i = 0; i < handed.size(); i++) {
      Reply reply = handed.get(i);
      outcome(reply.address().topic(), sent.get(i))
          .ifPresentOrElse(outcome -> ended.accept(reply, outcome), () -> again.add(reply));
    }
    return again;
  }

  private Future<RecordMetadata> hand(Reply reply) throws InterruptedException {
    try {
      int partitions = producer.partitionsFor(reply.address().topic()).size();
      return producer.send(reply.copy(partitions));
    } catch (InterruptException e) {
      Thread.interrupted(); // Kafka sets it before it throws; ours does not.
      throw new InterruptedException("stopped while sending");
    } catch (KafkaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What became of a copy; empty when it is worth another try. */
  private Optional<ReplyOutcome> outcome(String topic, Future<RecordMetadata> sent)
      throws InterruptedException {
    try {
      sent.get();
      lost.written(topic);
      return Optional.of(ReplyOutcome.SENT);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof RecordTooLargeException) {
        return Optional.of(ReplyOutcome.TOO_LARGE);
      }
      return isRejection(cause)
          ? Optional.of(ReplyOutcome.REJECTED)
          : lost.failed(topic).map(ReplyOutcome::of);
    }
  }

  private static boolean isRejection(Throwable cause) {
    return cause instanceof InvalidTopicException
        || cause instanceof PolicyViolationException
        || !(cause instanceof KafkaException);
  }
}
