package io.millrace.stages.reply;

import io.millrace.schemas.kafka.LostTopics;
import io.millrace.schemas.kafka.TopicState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.jspecify.annotations.Nullable;

/**
 * Sends copies of results in transactions, and gives up what cannot be sent: a topic that is not
 * there, not allowed or without leaders keeps the copies for others waiting once, for {@link
 * #PATIENCE} and the time of a send, and not again until it is well. While the cluster does not
 * answer at all, nothing is given up. Used by one thread.
 */
final class ReplyDesk {

  /** How long copies wait for a topic that is in trouble. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final LostTopics lost;
  private final Ended ended;

  /**
   * A desk for one producer.
   *
   * @param producer is ready for its first transaction
   */
  ReplyDesk(Producer<byte[], byte[]> producer, LostTopics lost, Ended ended) {
    this.producer = producer;
    this.lost = lost;
    this.ended = ended;
  }

  /** What desks know of topics in trouble; it outlives a producer. */
  static LostTopics lostTopics(LostTopics.Look look, LongSupplier nanoTime) {
    return new LostTopics(look, state -> state != TopicState.UNKNOWN, PATIENCE, nanoTime);
  }

  /** Hears what becomes of each copy, once. */
  interface Ended {

    /** A copy was sent and committed, or was given up. */
    void accept(Reply reply, ReplyOutcome outcome);
  }

  /** A topic as a try found it: how many partitions, if any, or why nothing is sent there. */
  private record Found(int partitions, @Nullable ReplyOutcome givenUp) {

    boolean isReady() {
      return partitions > 0;
    }
  }

  /**
   * Sends copies and remembers how far results were read, all in one transaction or not at all.
   *
   * @return those to be tried again, given-up ones left out; when empty, all is committed
   * @throws KafkaException when the producer is of no use any more
   */
  List<Reply> send(List<Reply> replies, ReadUpTo upTo) throws InterruptedException {
    Map<String, Found> topics = new HashMap<>();
    List<Reply> wanted = new ArrayList<>(replies.size());
    boolean ready = true;
    for (Reply reply : replies) {
      Found found = found(reply.address().topic(), topics);
      if (found.givenUp() == null) {
        wanted.add(reply);
        ready &= found.isReady();
      } else {
        ended.accept(reply, found.givenUp());
      }
    }
    return ready ? transact(wanted, topics, upTo) : wanted;
  }

  private Found found(String topic, Map<String, Found> known) throws InterruptedException {
    Found found = known.get(topic);
    if (found == null) {
      found = find(topic);
      known.put(topic, found);
    }
    return found;
  }

  /** Outside a transaction, which a missing topic would spoil for the other copies. */
  private Found find(String topic) throws InterruptedException {
    Optional<TopicState> state = lost.givenUp(topic);
    if (state.isPresent()) {
      return new Found(0, ReplyOutcome.of(state.get()));
    }
    try {
      return new Found(producer.partitionsFor(topic).size(), null);
    } catch (InterruptException e) {
      throw interrupted();
    } catch (KafkaException e) {
      return new Found(0, verdict(topic, e).orElse(null));
    }
  }

  private List<Reply> transact(List<Reply> replies, Map<String, Found> topics, ReadUpTo upTo)
      throws InterruptedException {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>(replies.size());
    for (Reply reply : replies) {
      sent.add(hand(reply, found(reply.address().topic(), topics).partitions()));
    }
    List<Optional<Throwable>> faults = new ArrayList<>(sent.size());
    for (Future<RecordMetadata> each : sent) {
      faults.add(fault(each));
    }
    if (faults.stream().allMatch(Optional::isEmpty)) {
      producer.sendOffsetsToTransaction(upTo.positions(), upTo.group());
      producer.commitTransaction();
      for (Reply reply : replies) {
        lost.written(reply.address().topic());
        ended.accept(reply, ReplyOutcome.SENT);
      }
      return List.of();
    }
    producer.abortTransaction();
    List<Reply> again = judge(replies, faults);
    return again.isEmpty() ? transact(again, topics, upTo) : again;
  }

  private Future<RecordMetadata> hand(Reply reply, int partitions) throws InterruptedException {
    try {
      return producer.send(reply.copy(partitions));
    } catch (InterruptException e) {
      throw interrupted();
    } catch (KafkaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Kafka sets the thread's mark before it throws; ours does not. */
  private static InterruptedException interrupted() {
    Thread.interrupted();
    return new InterruptedException("stopped while sending");
  }

  private static Optional<Throwable> fault(Future<RecordMetadata> sent)
      throws InterruptedException {
    try {
      sent.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(e.getCause() == null ? e : e.getCause());
    }
  }

  /** After a transaction that failed: those worth another try, sound ones among them. */
  private List<Reply> judge(List<Reply> replies, List<Optional<Throwable>> faults)
      throws InterruptedException {
    List<Reply> again = new ArrayList<>(replies.size());
    for (int i = 0; i < replies.size(); i++) {
      Reply reply = replies.get(i);
      Optional<Throwable> fault = faults.get(i);
      Optional<ReplyOutcome> verdict =
          fault.isEmpty() ? Optional.empty() : verdict(reply.address().topic(), fault.get());
      verdict.ifPresentOrElse(outcome -> ended.accept(reply, outcome), () -> again.add(reply));
    }
    return again;
  }

  /** Why a copy is given up for a fault, if it is; not for one that another copy brought about. */
  private Optional<ReplyOutcome> verdict(String topic, Throwable fault)
      throws InterruptedException {
    return switch (fault) {
      case RecordTooLargeException tooLarge -> Optional.of(ReplyOutcome.TOO_LARGE);
      case TransactionAbortedException others -> Optional.empty();
      case TopicAuthorizationException forbidden -> lost.failed(topic).map(ReplyOutcome::of);
      case RetriableException passing -> lost.failed(topic).map(ReplyOutcome::of);
      case ApiException refused -> Optional.of(ReplyOutcome.REJECTED);
      default -> Optional.empty();
    };
  }
}
