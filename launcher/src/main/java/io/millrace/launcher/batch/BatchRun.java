package io.millrace.launcher.batch;

import io.millrace.launcher.batch.BatchBook.OpenLine;
import io.millrace.schemas.avro.CompletionResult;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a batch: reads lines, sends what is not done, writes results as they come, and saves
 * its place. One thread does all of it but reading ahead, and at most {@link
 * BatchPlan#maxInFlight()} lines wait at any time.
 *
 * <p>The result files are the truth; everything else is found again. The place in the results topic
 * is saved only when all results before it are safe in the files. A run that was killed therefore
 * leaves results either in the files or behind the saved place, and the next run reads those first.
 * What was under way is sent again under the same id, which the pipeline runs only once.
 */
final class BatchRun {

  /** Lines taken before results are looked at again. */
  private static final int BURST_LINES = 256;

  private static final Duration SHORT_WAIT = Duration.ofMillis(5);
  private static final Duration LONG_WAIT = Duration.ofMillis(100);
  private static final long SAVE_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

  /** How long an orderly stop waits for what is under way. */
  private static final long DRAIN_NANOS = Duration.ofSeconds(5).toNanos();

  /** How long after its deadline a request's result may still come. */
  private static final Duration DEADLINE_GRACE = Duration.ofMinutes(1);

  private final BatchPlan plan;
  private final BatchPipeline pipeline;
  private final Progress progress;
  private final BooleanSupplier stopRequested;
  private final LongSupplier nanoTime;
  private final Tally tally = new Tally();
  private long stopSeenAtNanos;
  private long savedAtNanos;

  /**
   * A run.
   *
   * @param stopRequested whether to stop in an orderly way; asked again and again
   * @param nanoTime a clock that only goes forward, as {@link System#nanoTime}
   */
  BatchRun(
      BatchPlan plan,
      BatchPipeline pipeline,
      Progress progress,
      BooleanSupplier stopRequested,
      LongSupplier nanoTime) {
    this.plan = plan;
    this.pipeline = pipeline;
    this.progress = progress;
    this.stopRequested = stopRequested;
    this.nanoTime = nanoTime;
  }

  /**
   * Runs to the end, or until it is stopped. Once only.
   *
   * @return whether it got to the end, and the figures
   * @throws BatchException when it cannot go on; running it again resumes
   */
  BatchOutcome run(InputStream input) throws IOException {
    long startedAtNanos = nanoTime.getAsLong();
    try (ResultFiles files = ResultFiles.open(plan.output(), plan.errors());
        LineIndex index = LineIndex.create(plan.indexFolder())) {
      resume(files, index);
      boolean finished = !stopRequested.getAsBoolean() && readAndRun(input, files, index);
      return new BatchOutcome(
          tally, finished, Duration.ofNanos(nanoTime.getAsLong() - startedAtNanos));
    }
  }

  /** Reads what earlier runs wrote, and then the results that came in since. */
  private void resume(ResultFiles files, LineIndex index) throws IOException {
    Optional<Checkpoint> saved = pipeline.saved();
    boolean covered = files.load(index, saved.orElse(Checkpoint.NOTHING));
    boolean placeCounts = saved.isPresent() && covered;
    pipeline.start(placeCounts ? BatchPipeline.Place.SAVED : BatchPipeline.Place.FIRST);
    pipeline.save(files.force());
    savedAtNanos = nanoTime.getAsLong();
    while (!pipeline.caughtUp() && !stopRequested.getAsBoolean()) {
      pipeline.poll(LONG_WAIT).forEach(index::keep);
    }
    if (index.keptResults() > 0) {
      progress.note(Figures.count(index.keptResults()) + " results came from an earlier run");
    }
  }

  private boolean readAndRun(InputStream input, ResultFiles files, LineIndex index)
      throws IOException {
    BatchLines lines = new BatchLines(plan, pipeline, files, index, tally, nanoTime);
    LineReader reader = new LineReader(input, plan.maxLineBytes());
    try (LineFeed feed = new LineFeed(reader, new InputLineParser(plan.model()))) {
      while (!over(feed, lines)) {
        int taken = takeLines(feed, lines);
        boolean wrote = takeResults(waitFor(taken, feed, lines), lines);
        if (taken > 0 || wrote) {
          files.flush();
          progress.update(tally);
        }
        saveIfDue(feed, files, index);
        failIfOverdue(lines.oldest());
      }
      return finish(feed.ended() && lines.open() == 0, files, index);
    }
  }

  private boolean over(LineFeed feed, BatchLines lines) {
    if (stopRequested.getAsBoolean()) {
      stopSeenAtNanos = stopSeenAtNanos == 0 ? nanoTime.getAsLong() : stopSeenAtNanos;
      boolean waitedEnough = nanoTime.getAsLong() - stopSeenAtNanos > DRAIN_NANOS;
      return lines.open() == 0 || waitedEnough;
    }
    return feed.ended() && lines.open() == 0;
  }

  private int takeLines(LineFeed feed, BatchLines lines) throws IOException {
    int taken = 0;
    while (taken < BURST_LINES
        && lines.open() < plan.maxInFlight()
        && !stopRequested.getAsBoolean()) {
      InputLine line = feed.poll();
      if (line == null) {
        break;
      }
      taken++;
      lines.take(line);
    }
    return taken;
  }

  private Duration waitFor(int taken, LineFeed feed, BatchLines lines) {
    if (taken > 0) {
      return Duration.ZERO;
    }
    boolean onlyResults =
        feed.ended() || lines.open() >= plan.maxInFlight() || stopRequested.getAsBoolean();
    return onlyResults ? LONG_WAIT : SHORT_WAIT;
  }

  private boolean takeResults(Duration wait, BatchLines lines) {
    List<CompletionResult> results = pipeline.poll(wait);
    results.forEach(lines::take);
    return !results.isEmpty();
  }

  /** While results wait for their lines, the place stays before them. */
  private void saveIfDue(LineFeed feed, ResultFiles files, LineIndex index) {
    long now = nanoTime.getAsLong();
    boolean nothingKept = index.keptResults() == 0 || feed.ended();
    if (nothingKept && now - savedAtNanos >= SAVE_EVERY_NANOS) {
      pipeline.save(files.force());
      savedAtNanos = now;
    }
  }

  private void failIfOverdue(@Nullable OpenLine oldest) {
    if (oldest == null) {
      return;
    }
    long age = nanoTime.getAsLong() - oldest.openedAtNanos();
    if (age > plan.timeout().plus(DEADLINE_GRACE).toNanos()) {
      throw BatchException.stopped(
          "no result for request "
              + oldest.requestId()
              + " although its time-out has passed: is the pipeline running?"
              + " Check it and run the same command again, it goes on where it stopped");
    }
  }

  private boolean finish(boolean finished, ResultFiles files, LineIndex index) throws IOException {
    progress.update(tally);
    if (finished && plan.retryFailed()) {
      files.dropOutdatedErrors(index);
    }
    Checkpoint checkpoint = files.force();
    if (finished || index.keptResults() == 0) {
      pipeline.save(checkpoint);
    }
    return finished;
  }
}
