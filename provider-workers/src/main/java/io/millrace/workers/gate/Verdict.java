package io.millrace.workers.gate;

/** Whether a circuit lets a call through. */
public sealed interface Verdict {

  /**
   * It does.
   *
   * @param generation what to tell the circuit with how the call ended
   */
  record Admitted(long generation) implements Verdict {}

  /**
   * Not now.
   *
   * @param waitNanos when to ask again; more than 0
   */
  record Refused(long waitNanos) implements Verdict {}
}
