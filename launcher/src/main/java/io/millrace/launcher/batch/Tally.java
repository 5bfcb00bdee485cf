package io.millrace.launcher.batch;

import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionResult;

/** Counts what a run did. Not thread-safe. */
final class Tally {

  private long lines;
  private long bad;
  private long skipped;
  private long skippedFailed;
  private long completed;
  private long failed;
  private long recovered;
  private long promptTokens;
  private long completionTokens;
  private long costNanos;

  void addLine() {
    lines++;
  }

  void addBad() {
    bad++;
  }

  void addSkipped(boolean wasCompleted) {
    skipped++;
    if (!wasCompleted) {
      skippedFailed++;
    }
  }

  void addRecovered() {
    recovered++;
  }

  void addResult(CompletionResult result) {
    if (result.getOutcome() instanceof Completion completion) {
      completed++;
      promptTokens += completion.getUsage().getPromptTokens();
      completionTokens += completion.getUsage().getCompletionTokens();
    } else {
      failed++;
    }
    costNanos += result.getCostNanos();
  }

  /** Lines read. */
  long lines() {
    return lines;
  }

  /** Lines that could not be run. */
  long bad() {
    return bad;
  }

  /** Lines that an earlier run answered, failures among them. */
  long skipped() {
    return skipped;
  }

  /** Lines that failed in an earlier run and were left so. */
  long skippedFailed() {
    return skippedFailed;
  }

  /** Completions written. */
  long completed() {
    return completed;
  }

  /** Failures written. */
  long failed() {
    return failed;
  }

  /** How many of the results written an earlier run had asked for. */
  long recovered() {
    return recovered;
  }

  long promptTokens() {
    return promptTokens;
  }

  long completionTokens() {
    return completionTokens;
  }

  /** Cost of the results written, in nano-dollars. */
  long costNanos() {
    return costNanos;
  }

  /** Lines that are answered, whenever that was. */
  long done() {
    return bad + skipped + completed + failed;
  }

  /** Results written by this run. */
  long written() {
    return completed + failed;
  }

  /** Whether every line read has a completion. */
  boolean allCompleted() {
    return failed + skippedFailed + bad == 0 && done() == lines;
  }
}
