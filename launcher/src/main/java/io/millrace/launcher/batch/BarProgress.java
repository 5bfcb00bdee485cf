package io.millrace.launcher.batch;

import java.io.PrintStream;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress as a bar that is drawn again and again: for terminals. */
final class BarProgress implements Progress {

  private static final int REDRAW_MILLIS = 200;

  /** What the library takes for a total that nobody knows. */
  private static final long UNKNOWN = -1;

  private final @Nullable Long totalLines;
  private final PrintStream out;
  private final LongSupplier nanoTime;
  private final ProgressBar bar;
  private final Pace pace = new Pace();

  /** Progress of the batch with a name; the stream is not closed. */
  BarProgress(String name, @Nullable Long totalLines, PrintStream out, LongSupplier nanoTime) {
    this.totalLines = totalLines;
    this.out = out;
    this.nanoTime = nanoTime;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setInitialMax(totalLines == null ? UNKNOWN : totalLines)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setConsumer(TerminalLine.on(out))
            .hideEta()
            .build();
  }

  @Override
  public void update(Tally tally) {
    pace.note(nanoTime.getAsLong(), tally.written());
    bar.stepTo(tally.done());
    bar.setExtraMessage(" " + StatusText.of(tally, pace, totalLines));
  }

  @Override
  public void note(String text) {
    out.println();
    out.println(text);
  }

  @Override
  public void close() {
    bar.close();
  }
}
