package io.millrace.workers;

import io.millrace.schemas.kafka.LostTopics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Topics that the broker refuses to have written to. Not every cluster says so of a topic when it
 * is asked, so who looks finds such a topic well. Each is waited for a while; then what should go
 * there is given up, but for a try now and then. Thread-safe.
 */
final class Refusals {

  /** So many are kept in mind; of others nothing is, and they are not waited for. */
  static final int MAX_TOPICS = 1_000;

  /** When there are too many, those are forgotten that nobody was refused at for so long. */
  static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private final Duration patience;
  private final TimeSource time;
  private final Map<String, Refusal> byTopic = new ConcurrentHashMap<>();

  /**
   * Nothing was refused yet.
   *
   * @param patience how long a topic is waited for, from the first refusal on
   */
  Refusals(Duration patience, TimeSource time) {
    this.patience = patience;
    this.time = time;
  }

  /** Whether nothing should be sent to a topic for now: it was tried a moment ago. */
  boolean givenUp(String topic) {
    Refusal last = byTopic.get(topic);
    return last != null && isHopeless(last) && !isPast(last.atNanos(), LostTopics.LOOK_AGAIN);
  }

  /** Notes that a topic may not be written to; whether it is given up. */
  boolean refused(String topic) {
    if (byTopic.size() >= MAX_TOPICS && !byTopic.containsKey(topic)) {
      byTopic.values().removeIf(each -> isPast(each.atNanos(), FORGOTTEN));
      if (byTopic.size() >= MAX_TOPICS) {
        return true;
      }
    }
    long now = time.nanoTime();
    Refusal first = new Refusal(now, now);
    return isHopeless(
        byTopic.merge(topic, first, (last, next) -> new Refusal(last.sinceNanos(), now)));
  }

  /** Notes that a topic was written to. */
  void sent(String topic) {
    if (!byTopic.isEmpty()) {
      byTopic.remove(topic);
    }
  }

  private boolean isHopeless(Refusal refusal) {
    return isPast(refusal.sinceNanos(), patience);
  }

  private boolean isPast(long nanos, Duration duration) {
    return time.nanoTime() - nanos >= duration.toNanos();
  }

  /** When a topic was refused first and last, in the time of {@link System#nanoTime}. */
  private record Refusal(long sinceNanos, long atNanos) {}
}
