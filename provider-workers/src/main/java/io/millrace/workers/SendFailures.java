package io.millrace.workers;

import io.millrace.schemas.kafka.LostTopics;
import io.millrace.schemas.kafka.TopicState;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.workers.UnsendableException.Reason;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record that was not sent is worth another try. Thread-safe.
 *
 * @param lost topics that are not worth one
 * @param refusals topics that may not be written to, though the cluster does not say so when asked
 * @param own the pipeline's own topics: they are always worth one, because without them nothing
 *     goes on anyway, and what was paid for or found should wait for who mends them
 */
record SendFailures(LostTopics lost, Refusals refusals, Predicate<String> own) {

  /** How long an outcome, which was paid for, waits for a topic that somebody has to create. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** With nothing lost yet. */
  static SendFailures of(LostTopics.Look look, Predicate<String> own, TimeSource time) {
    return new SendFailures(
        new LostTopics(look, TopicState::needsSomebody, PATIENCE, time::nanoTime),
        new Refusals(PATIENCE, time),
        own);
  }

  /** The topics of a pipeline that workers repeat to. */
  static Predicate<String> own(TopicCatalogue topics) {
    Set<String> named =
        Set.of(
            topics.attempts().name(), topics.deadLetters().name(), topics.providerModels().name());
    return topic -> named.contains(topic) || topics.isStageReplies(topic);
  }

  /** Whether nothing should be sent to a topic for now. */
  boolean givenUp(String topic) throws InterruptedException {
    return !own.test(topic) && (lost.givenUp(topic).isPresent() || refusals.givenUp(topic));
  }

  /** Notes that a record was sent. */
  void sent(@Nullable String topic) {
    if (topic != null && !own.test(topic)) {
      lost.written(topic);
      refusals.sent(topic);
    }
  }

  /**
   * Why a record can never be sent; null when it may be yet.
   *
   * @param index its place among those it is sent with
   * @param topic where it should go; null where it could not even be encoded
   */
  @Nullable UnsendableException verdict(int index, @Nullable String topic, Throwable cause)
      throws InterruptedException {
    if (cause instanceof RecordTooLargeException) {
      return new UnsendableException(
          Reason.TOO_LARGE,
          "it is larger than a record may be: " + cause.getMessage(),
          index,
          cause);
    }
    if (cause instanceof InvalidTopicException || cause instanceof PolicyViolationException) {
      return new UnsendableException(
          Reason.REJECTED, "the broker will never take it", index, cause);
    }
    if (!(cause instanceof KafkaException) || cause instanceof SerializationException) {
      return new UnsendableException(Reason.UNENCODABLE, "it cannot be encoded", index, cause);
    }
    return topic == null || own.test(topic) || !mayBeLost(cause) ? null : lost(index, topic, cause);
  }

  private @Nullable UnsendableException lost(int index, String topic, Throwable cause)
      throws InterruptedException {
    boolean refused =
        cause instanceof TopicAuthorizationException
            ? refusals.refused(topic)
            : refusals.givenUp(topic);
    TopicState state = lost.failed(topic).orElse(refused ? TopicState.FORBIDDEN : null);
    if (state == null) {
      return null;
    }
    Reason reason = state == TopicState.FORBIDDEN ? Reason.FORBIDDEN_TOPIC : Reason.MISSING_TOPIC;
    return new UnsendableException(reason, state.advice(topic), index, cause);
  }

  /** A producer says the same of an outage and of a topic that is not there. */
  private static boolean mayBeLost(Throwable cause) {
    return cause instanceof TimeoutException
        || cause instanceof UnknownTopicOrPartitionException
        || cause instanceof TopicAuthorizationException;
  }
}
