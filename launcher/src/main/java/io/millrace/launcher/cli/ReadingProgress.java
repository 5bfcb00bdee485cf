package io.millrace.launcher.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Says every few seconds how many records were read, for reading that takes as long as it takes;
 * gives up only when nothing comes any more. For one thread.
 */
final class ReadingProgress implements LongPredicate {

  /** How long nothing comes before it is given up. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PACE = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final LongSupplier nanos;
  private long saidNanos;
  private long grewNanos;
  private long known;

  /**
   * Begins now.
   *
   * @param nanos a clock that nobody sets, {@link System#nanoTime}
   */
  ReadingProgress(PrintWriter out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
    this.saidNanos = nanos.getAsLong();
    this.grewNanos = saidNanos;
  }

  /** Whether to read on after this many records. */
  @Override
  public boolean test(long records) {
    long now = nanos.getAsLong();
    if (records > known) {
      known = records;
      grewNanos = now;
    }
    if (now - saidNanos >= PACE.toNanos()) {
      saidNanos = now;
      out.println("millrace: reading the topics, " + records + " records so far");
      out.flush();
    }
    return now - grewNanos < PATIENCE.toNanos();
  }
}
