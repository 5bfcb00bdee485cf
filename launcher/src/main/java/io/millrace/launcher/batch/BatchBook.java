package io.millrace.launcher.batch;

import io.millrace.launcher.batch.LineIndex.Entry;
import io.millrace.launcher.batch.LineIndex.Standing;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionResult;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of each line and each result, so that every line gets exactly one answer: a
 * line is answered by the result files, by a result that came before the line was read, or by one
 * that it waits for. A result whose line has not been read yet is kept on disk. Not thread-safe.
 */
final class BatchBook {

  private final RequestIds ids;
  private final LineIndex index;
  private final boolean retryFailed;
  private final Map<String, OpenLine> open = new LinkedHashMap<>();

  /**
   * A line that waits for its result.
   *
   * @param requestId under which it runs
   * @param customId the user's name for it
   * @param round 0, or how often it failed before
   * @param openedAtNanos when, on the run's own clock
   */
  record OpenLine(String requestId, String customId, int round, long openedAtNanos) {}

  /** What to do with a line. */
  sealed interface Step {
    /** Nothing: the result files have its answer, good or bad. */
    record Skip(boolean completed) implements Step {}

    /** Refuse it: an earlier line has the same {@code custom_id}. */
    record Duplicate() implements Step {}

    /** Write a result that is here already. */
    record Recovered(OpenLine line, CompletionResult result) implements Step {}

    /** Send it; it waits for its result from now on. */
    record Submit(OpenLine line) implements Step {}
  }

  BatchBook(RequestIds ids, LineIndex index, boolean retryFailed) {
    this.ids = ids;
    this.index = index;
    this.retryFailed = retryFailed;
  }

  /** Decides about the next line. */
  Step next(InputLine.Request line, long nowNanos) {
    Entry entry = index.entry(line.customId());
    if (entry.claimed()) {
      return new Step.Duplicate();
    }
    index.put(line.customId(), entry.asClaimed());
    return switch (entry.standing()) {
      case COMPLETED -> skip(line, entry, true);
      case FAILED ->
          retryFailed ? run(line, entry.round() + 1, nowNanos) : skip(line, entry, false);
      case NONE -> run(line, 0, nowNanos);
    };
  }

  /** Claims the {@code custom_id} of a line that cannot run, so that no later line gets it. */
  void claim(String customId) {
    index.put(customId, index.entry(customId).asClaimed());
  }

  private Step skip(InputLine.Request line, Entry entry, boolean completed) {
    for (int round = 0; round <= entry.round() + 1 && index.keptResults() > 0; round++) {
      index.take(ids.of(line.customId(), line.fingerprint(), round));
    }
    return new Step.Skip(completed);
  }

  private Step run(InputLine.Request line, int firstRound, long nowNanos) {
    int round = firstRound;
    while (true) {
      String id = ids.of(line.customId(), line.fingerprint(), round);
      OpenLine opened = new OpenLine(id, line.customId(), round, nowNanos);
      CompletionResult kept = index.take(id);
      if (kept == null) {
        open.put(id, opened);
        return new Step.Submit(opened);
      }
      if (completed(kept) || !retryFailed) {
        note(opened, kept);
        return new Step.Recovered(opened, kept);
      }
      round++;
    }
  }

  /** The line that a result answers; empty when none waits for it, and then it is kept. */
  Optional<OpenLine> settle(CompletionResult result) {
    OpenLine line = open.remove(result.getRequestId());
    if (line == null) {
      index.keep(result);
      return Optional.empty();
    }
    note(line, result);
    return Optional.of(line);
  }

  /** A line did not enter the pipeline after all. */
  void withdraw(OpenLine line) {
    open.remove(line.requestId());
  }

  /** Only lines that failed before have an entry in the errors file that this answer outdates. */
  private void note(OpenLine line, CompletionResult result) {
    if (line.round() > 0) {
      Standing standing = completed(result) ? Standing.COMPLETED : Standing.FAILED;
      index.put(line.customId(), new Entry(true, standing, line.round()));
    }
  }

  static boolean completed(CompletionResult result) {
    return result.getOutcome() instanceof Completion;
  }

  /** How many lines wait for their result. */
  int openLines() {
    return open.size();
  }

  /** The line that waits longest, or null. */
  @Nullable OpenLine oldest() {
    Iterator<OpenLine> lines = open.values().iterator();
    return lines.hasNext() ? lines.next() : null;
  }
}
