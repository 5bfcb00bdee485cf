package io.millrace.stages.reply;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what becomes of copies, and tells of those that were given up. Used by one thread. */
final class ReplyLog implements ReplyDesk.Ended {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyLog.class);

  /** One line so often at most: a missing topic concerns every result that should go there. */
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

  private final ReplyMeters meters;
  private final LostReplies lost;
  private final LongSupplier nanoTime;
  private long nextLogNanos;
  private long silent;

  ReplyLog(ReplyMeters meters, LostReplies lost, LongSupplier nanoTime) {
    this.meters = meters;
    this.lost = lost;
    this.nanoTime = nanoTime;
    this.nextLogNanos = nanoTime.getAsLong();
  }

  @Override
  public void accept(Reply reply, ReplyOutcome outcome) {
    meters.count(outcome);
    if (outcome == ReplyOutcome.SENT) {
      return;
    }
    byte[] key = reply.result().key();
    String requestId = key == null ? "" : new String(key, StandardCharsets.UTF_8);
    String topic = reply.address().topic();
    lost.lost(requestId, topic, outcome.name().toLowerCase(Locale.ROOT));
    long now = nanoTime.getAsLong();
    if (now - nextLogNanos < 0) {
      silent++;
      return;
    }
    LOG.warn(
        "the result of {} is not copied, and {} before it were not: {}",
        requestId,
        silent,
        outcome.advice(topic));
    nextLogNanos = now + LOG_INTERVAL.toNanos();
    silent = 0;
  }
}
