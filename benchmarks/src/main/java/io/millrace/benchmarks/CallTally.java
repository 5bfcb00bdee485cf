package io.millrace.benchmarks;

import io.millrace.schemas.avro.ProviderCall;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Counts call records. Thread-safe; keeps some 150 bytes for each call. */
final class CallTally {

  private final Map<String, Integer> byAttempt = new HashMap<>();
  private final Set<String> numbers = new HashSet<>();
  private long calls;
  private long failed;
  private long repeated;

  synchronized void note(ProviderCall call) {
    if (call.getProbe()) {
      return;
    }
    String attempt = call.getRequestId() + "#" + call.getAttempt();
    calls++;
    if (call.getErrorCode() != null) {
      failed++;
    }
    var unused = byAttempt.merge(attempt, 1, Integer::sum);
    if (!numbers.add(attempt + "#" + call.getCall())) {
      repeated++;
    }
  }

  synchronized long calls() {
    return calls;
  }

  synchronized long failed() {
    return failed;
  }

  /** Calls of an attempt with a number that another call of it has. */
  synchronized long repeated() {
    return repeated;
  }

  /** The most calls that one attempt took. */
  synchronized int most() {
    return byAttempt.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
