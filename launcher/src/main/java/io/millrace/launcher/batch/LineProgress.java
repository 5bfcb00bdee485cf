package io.millrace.launcher.batch;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Progress as plain lines, every few seconds: for logs and pipes. */
final class LineProgress implements Progress {

  private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final String name;
  private final @Nullable Long totalLines;
  private final PrintStream out;
  private final LongSupplier nanoTime;
  private final Pace pace = new Pace();
  private long printedAtNanos;

  /** Progress of the batch with a name; the stream is not closed. */
  LineProgress(String name, @Nullable Long totalLines, PrintStream out, LongSupplier nanoTime) {
    this.name = name;
    this.totalLines = totalLines;
    this.out = out;
    this.nanoTime = nanoTime;
    this.printedAtNanos = nanoTime.getAsLong();
  }

  @Override
  public void update(Tally tally) {
    long now = nanoTime.getAsLong();
    pace.note(now, tally.written());
    if (now - printedAtNanos >= EVERY_NANOS) {
      printedAtNanos = now;
      out.println(
          name + ": " + share(tally.done()) + ", " + StatusText.of(tally, pace, totalLines));
    }
  }

  private String share(long done) {
    if (totalLines == null) {
      return Figures.count(done) + " lines done";
    }
    long percent = done * 100 / Math.max(1, totalLines);
    return Figures.count(done)
        + " of "
        + Figures.count(totalLines)
        + " lines done ("
        + percent
        + " %)";
  }

  @Override
  public void note(String text) {
    out.println(name + ": " + text);
  }

  @Override
  public void close() {
    out.flush();
  }
}
