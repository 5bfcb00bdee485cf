package io.millrace.benchmarks;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineError;
import java.util.Map;
import java.util.TreeMap;

/** Counts the results that are errors, by code. Thread-safe. */
final class ErrorTally {

  private final Map<String, Long> byCode = new TreeMap<>();

  synchronized void note(CompletionResult result) {
    if (result.getOutcome() instanceof PipelineError error) {
      var unused = byCode.merge(error.getCode(), 1L, Long::sum);
    }
  }

  synchronized long total() {
    return byCode.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized Map<String, Long> byCode() {
    return Map.copyOf(byCode);
  }
}
