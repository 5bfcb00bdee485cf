package io.millrace.schemas.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Topics that could not be written to. Each is waited for a while, because somebody may be about to
 * mend it; then what should go there is given up at once, until it is well again. An outage of the
 * whole cluster is no such case. Thread-safe.
 */
public final class LostTopics {

  /** How old a look may be. */
  public static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** How long a topic is left alone that is there, and could not be written to all the same. */
  public static final Duration LEFT_ALONE = Duration.ofSeconds(30);

  /**
   * So many are kept in mind; names may come from records, which may be anybody's. Of others
   * nothing is kept, and they are not waited for.
   */
  static final int MAX_TOPICS = 1_000;

  /** When there are too many, those are forgotten that nobody has looked at for so long. */
  static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private final Look look;
  private final Predicate<TopicState> hopeless;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final ReentrantLock looking = new ReentrantLock();

  /**
   * Nothing is lost yet.
   *
   * @param hopeless what a topic that fails is given up for; never {@link TopicState#UNKNOWN}
   * @param patience how long a topic is waited for, from the first look at it
   * @param nanoTime as {@link System#nanoTime}
   */
  public LostTopics(
      Look look, Predicate<TopicState> hopeless, Duration patience, LongSupplier nanoTime) {
    this.look = look;
    this.hopeless = hopeless;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** Looks after a topic, as {@link TopicLook} does. */
  @FunctionalInterface
  public interface Look {

    /** How the topic is; may take seconds. */
    TopicState at(String topic) throws InterruptedException;
  }

  /**
   * For a topic about to be written to: why it was given up, if it was. Looks again now and then,
   * and asks nobody where the topic was never in trouble.
   */
  public Optional<TopicState> givenUp(String topic) throws InterruptedException {
    Seen last = seen.get(topic);
    if (last == null || !isGivenUp(last)) {
      return Optional.empty();
    }
    if (last.state() == TopicState.THERE && since(last.sinceNanos(), patience.plus(LEFT_ALONE))) {
      seen.remove(topic, last);
      return Optional.empty();
    }
    return failed(topic);
  }

  /** For a topic that could not be written to: why it is given up, if it is. */
  public Optional<TopicState> failed(String topic) throws InterruptedException {
    Seen last = seen.get(topic);
    if (last == null || since(last.atNanos(), LOOK_AGAIN)) {
      last = lookAgain(topic, last);
    }
    return last != null && isGivenUp(last) ? Optional.of(last.state()) : Optional.empty();
  }

  /** For a topic that was written to. */
  public void written(String topic) {
    if (!seen.isEmpty()) {
      seen.remove(topic);
    }
  }

  private boolean isGivenUp(Seen last) {
    return hopeless.test(last.state()) && since(last.sinceNanos(), patience);
  }

  private boolean since(long nanos, Duration duration) {
    return nanoTime.getAsLong() - nanos >= duration.toNanos();
  }

  /** One looks at a time; the others go by what was seen before. */
  private @Nullable Seen lookAgain(String topic, @Nullable Seen last) throws InterruptedException {
    if (!looking.tryLock()) {
      return last;
    }
    try {
      TopicState state = look.at(topic);
      long now = nanoTime.getAsLong();
      boolean still =
          last != null
              && last.state().needsSomebody() == state.needsSomebody()
              && last.state() != TopicState.UNKNOWN;
      if (!hasRoomFor(topic)) {
        return new Seen(state, now, now - patience.toNanos());
      }
      Seen next = new Seen(state, now, last != null && still ? last.sinceNanos() : now);
      seen.put(topic, next);
      return next;
    } finally {
      looking.unlock();
    }
  }

  private boolean hasRoomFor(String topic) {
    if (seen.size() >= MAX_TOPICS && !seen.containsKey(topic)) {
      seen.values().removeIf(each -> since(each.atNanos(), FORGOTTEN));
      return seen.size() < MAX_TOPICS;
    }
    return true;
  }

  /** What the last look saw, when, and since when it is so. */
  private record Seen(TopicState state, long atNanos, long sinceNanos) {}
}
