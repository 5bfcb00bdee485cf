package io.millrace.launcher.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to run.
 *
 * @param name keeps this batch's requests apart from others'
 * @param output where completions go
 * @param errors where failures and bad lines go
 * @param indexFolder for an index that the run makes and removes
 * @param totalLines how many lines there are, if known
 * @param model takes the place of every line's own
 * @param maxInFlight how many requests may be under way, at least 1
 * @param maxLineBytes the longest input line
 * @param timeout from a request's acceptance to its deadline
 * @param retryFailed whether lines that failed in an earlier run are run again
 */
record BatchPlan(
    String name,
    Path output,
    Path errors,
    Path indexFolder,
    OptionalLong totalLines,
    Optional<String> model,
    int maxInFlight,
    int maxLineBytes,
    Duration timeout,
    boolean retryFailed) {

  /** Checks the bounds. */
  BatchPlan {
    if (maxInFlight < 1 || maxLineBytes < 1) {
      throw new IllegalArgumentException("maxInFlight and maxLineBytes must be at least 1");
    }
  }

  /** The same, knowing how many lines there are. */
  BatchPlan withTotalLines(OptionalLong lines) {
    return new BatchPlan(
        name,
        output,
        errors,
        indexFolder,
        lines,
        model,
        maxInFlight,
        maxLineBytes,
        timeout,
        retryFailed);
  }
}
