package io.millrace.launcher.batch;

import io.millrace.launcher.batch.BatchBook.OpenLine;
import io.millrace.launcher.batch.BatchBook.Step;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionResult;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

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
  private final OutputLines outputLines = new OutputLines();
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
    BatchBook book = new BatchBook(new RequestIds(plan.name()), index, plan.retryFailed());
    LineReader reader = new LineReader(input, plan.maxLineBytes());
    try (LineFeed feed = new LineFeed(reader, new InputLineParser(plan.model()))) {
      while (!over(feed, book)) {
        int taken = takeLines(feed, book, files, index);
        boolean wrote = takeResults(waitFor(taken, feed, book), book, files);
        if (taken > 0 || wrote) {
          files.flush();
          progress.update(tally);
        }
        saveIfDue(feed, files, index);
        failIfOverdue(book);
      }
      return finish(feed.ended() && book.openLines() == 0, files, index);
    }
  }

  private boolean over(LineFeed feed, BatchBook book) {
    if (stopRequested.getAsBoolean()) {
      stopSeenAtNanos = stopSeenAtNanos == 0 ? nanoTime.getAsLong() : stopSeenAtNanos;
      boolean waitedEnough = nanoTime.getAsLong() - stopSeenAtNanos > DRAIN_NANOS;
      return book.openLines() == 0 || waitedEnough;
    }
    return feed.ended() && book.openLines() == 0;
  }

  private int takeLines(LineFeed feed, BatchBook book, ResultFiles files, LineIndex index)
      throws IOException {
    int taken = 0;
    while (taken < BURST_LINES
        && book.openLines() < plan.maxInFlight()
        && !stopRequested.getAsBoolean()) {
      InputLine line = feed.poll();
      if (line == null) {
        break;
      }
      taken++;
      tally.addLine();
      switch (line) {
        case InputLine.Bad bad -> refuse(bad, book, files, index);
        case InputLine.Request request -> take(request, book, files, index);
      }
    }
    return taken;
  }

  private void refuse(InputLine.Bad bad, BatchBook book, ResultFiles files, LineIndex index) {
    if (bad.customId() != null) {
      book.claim(bad.customId());
    }
    tally.addBad();
    if (!index.badLineReported(bad.number())) {
      files.addError(outputLines.bad(plan.name(), bad));
    }
  }

  private void take(InputLine.Request line, BatchBook book, ResultFiles files, LineIndex index) {
    switch (book.next(line, nanoTime.getAsLong())) {
      case Step.Skip skip -> tally.addSkipped(skip.completed());
      case Step.Duplicate duplicate -> refuse(duplicate(line), book, files, index);
      case Step.Recovered recovered -> {
        tally.addRecovered();
        write(recovered.line(), recovered.result(), files);
      }
      case Step.Submit submit -> submit(submit.line(), line, book, files, index);
    }
  }

  private static InputLine.Bad duplicate(InputLine.Request line) {
    return new InputLine.Bad(
        line.number(),
        line.customId(),
        InputLineParser.DUPLICATE,
        "an earlier line has the same custom_id; each line needs one of its own");
  }

  private void submit(
      OpenLine opened, InputLine.Request line, BatchBook book, ResultFiles files, LineIndex index) {
    Optional<PipelineError> refused = pipeline.submit(opened.requestId(), line);
    if (refused.isPresent()) {
      book.withdraw(opened);
      PipelineError error = refused.get();
      refuse(
          new InputLine.Bad(line.number(), line.customId(), error.code(), error.message()),
          book,
          files,
          index);
    }
  }

  private Duration waitFor(int taken, LineFeed feed, BatchBook book) {
    if (taken > 0) {
      return Duration.ZERO;
    }
    boolean onlyResults =
        feed.ended() || book.openLines() >= plan.maxInFlight() || stopRequested.getAsBoolean();
    return onlyResults ? LONG_WAIT : SHORT_WAIT;
  }

  private boolean takeResults(Duration wait, BatchBook book, ResultFiles files) {
    List<CompletionResult> results = pipeline.poll(wait);
    for (CompletionResult result : results) {
      book.settle(result).ifPresent(line -> write(line, result, files));
    }
    return !results.isEmpty();
  }

  private void write(OpenLine line, CompletionResult result, ResultFiles files) {
    tally.addResult(result);
    byte[] text = outputLines.result(line.customId(), result);
    if (BatchBook.completed(result)) {
      files.addCompletion(text);
    } else {
      files.addError(text);
    }
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

  private void failIfOverdue(BatchBook book) {
    OpenLine oldest = book.oldest();
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
