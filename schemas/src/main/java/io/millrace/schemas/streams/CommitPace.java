package io.millrace.schemas.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * When the stream threads of one application commit. Kafka Streams has one interval for all times;
 * each commit ends a transaction over some 30 partitions, and transactions are more than a third of
 * what a busy broker does. Here Streams' own interval is long ({@link #LONGEST}), and a thread asks
 * for a commit sooner: at every interval in which it did something that others wait for, in a flood
 * at every third. Those who read committed results then wait longer for the processor than for the
 * commit, and whoever waits for a single answer reads what is not committed yet.
 *
 * <p>Nothing but the time of commits changes: each is Streams' own, of everything the thread did.
 * One object for an application; thread-safe.
 */
public final class CommitPace {

  /** What nobody waits for is committed this often. */
  public static final Duration LONGEST = Duration.ofSeconds(1);

  /** In a flood, commits are so many intervals apart at most. */
  static final int FLOOD_INTERVALS = 3;

  /** Records a second into one thread that are a flood: about a third of what it can take. */
  static final int FLOOD_RECORDS_PER_SECOND = 1_500;

  /** The clock that threads look at is this many times finer than the interval. */
  private static final int LOOKS_PER_INTERVAL = 5;

  private final long intervalMillis;
  private final ThreadLocal<CommitBeat> beats;

  /**
   * A pace.
   *
   * @param interval from one commit to the next while less than a flood comes, at least 1 ms
   */
  public CommitPace(Duration interval) {
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("interval must be at least 1 ms, is " + interval);
    }
    intervalMillis = interval.toMillis();
    beats = ThreadLocal.withInitial(() -> new CommitBeat(intervalMillis));
  }

  /** What Kafka Streams itself gets as its commit interval. */
  public long longestMillis() {
    return Math.max(intervalMillis, LONGEST.toMillis());
  }

  /**
   * The beat of the calling stream thread, for all its tasks; a processor asks for it when it is
   * initialized.
   */
  public CommitBeat ofThisThread() {
    return beats.get();
  }

  /** Has a task look at the clock for its thread: to be called once by each task. */
  public void watch(ProcessingContext context) {
    CommitBeat beat = beats.get();
    context.schedule(
        Duration.ofMillis(Math.max(1, intervalMillis / LOOKS_PER_INTERVAL)),
        PunctuationType.WALL_CLOCK_TIME,
        nowMillis -> {
          if (beat.isDue(nowMillis)) {
            context.commit();
          }
        });
  }
}
