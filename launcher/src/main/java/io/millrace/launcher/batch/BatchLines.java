package io.millrace.launcher.batch;

import io.millrace.launcher.batch.BatchBook.OpenLine;
import io.millrace.launcher.batch.BatchBook.Step;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionResult;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the book decides about a run's lines and their results: sends, counts, and hands
 * on to the result files. For the run's one thread.
 */
final class BatchLines {

  private final String batch;
  private final BatchPipeline pipeline;
  private final ResultFiles files;
  private final LineIndex index;
  private final Tally tally;
  private final LongSupplier nanoTime;
  private final BatchBook book;
  private final OutputLines outputLines = new OutputLines();

  BatchLines(
      BatchPlan plan,
      BatchPipeline pipeline,
      ResultFiles files,
      LineIndex index,
      Tally tally,
      LongSupplier nanoTime) {
    this.batch = plan.name();
    this.pipeline = pipeline;
    this.files = files;
    this.index = index;
    this.tally = tally;
    this.nanoTime = nanoTime;
    this.book = new BatchBook(new RequestIds(plan.name()), index, plan.retryFailed());
  }

  /** How many lines wait for their result. */
  int open() {
    return book.openLines();
  }

  /** The line that waits longest, or null. */
  @Nullable OpenLine oldest() {
    return book.oldest();
  }

  /** Takes the next line of the input. */
  void take(InputLine line) {
    tally.addLine();
    switch (line) {
      case InputLine.Bad bad -> refuse(bad);
      case InputLine.Request request -> decide(request);
    }
  }

  /** Takes a result, whether a line waits for it or not. */
  void take(CompletionResult result) {
    book.settle(result).ifPresent(line -> write(line, result));
  }

  private void decide(InputLine.Request line) {
    switch (book.next(line, nanoTime.getAsLong())) {
      case Step.Skip skip -> tally.addSkipped(skip.completed());
      case Step.Duplicate duplicate ->
          refuse(
              line,
              InputLineParser.DUPLICATE,
              "an earlier line has the same custom_id; each line needs one of its own");
      case Step.Recovered recovered -> {
        tally.addRecovered();
        write(recovered.line(), recovered.result());
      }
      case Step.Submit submit -> submit(submit.line(), line);
    }
  }

  private void submit(OpenLine opened, InputLine.Request line) {
    Optional<PipelineError> refused = pipeline.submit(opened.requestId(), line);
    if (refused.isPresent()) {
      book.withdraw(opened);
      refuse(line, refused.get().code(), refused.get().message());
    }
  }

  private void refuse(InputLine.Request line, String code, String message) {
    refuse(new InputLine.Bad(line.number(), line.customId(), code, message));
  }

  private void refuse(InputLine.Bad bad) {
    if (bad.customId() != null) {
      book.claim(bad.customId());
    }
    tally.addBad();
    if (!index.badLineReported(bad.number())) {
      files.addError(outputLines.bad(batch, bad));
    }
  }

  private void write(OpenLine line, CompletionResult result) {
    tally.addResult(result);
    byte[] text = outputLines.result(line.customId(), result);
    if (BatchBook.completed(result)) {
      files.addCompletion(text);
    } else {
      files.addError(text);
    }
  }
}
