package io.millrace.workers;

import io.millrace.plugin.model.Outcome;
import java.time.Duration;
import java.util.List;

/** How an attempt ended at this worker. */
sealed interface CallResult {

  /** The calls made, in order; possibly none. */
  List<CallTrace> calls();

  /** What the calls cost, in nano-dollars. */
  default long costNanos() {
    return calls().stream().mapToLong(CallTrace::costNanos).sum();
  }

  /** It has an outcome. */
  record Finished(Outcome outcome, List<CallTrace> calls) implements CallResult {}

  /**
   * Its model may not be called now; it is to begin anew.
   *
   * @param pause after this; more than 0
   */
  record Postponed(Duration pause, List<CallTrace> calls) implements CallResult {}

  /** The worker was told to stop before there was one; somebody will begin anew. */
  record Abandoned(List<CallTrace> calls) implements CallResult {}
}
