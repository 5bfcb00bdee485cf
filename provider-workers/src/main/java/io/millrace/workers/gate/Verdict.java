package io.millrace.workers.gate;

/** Whether a circuit lets a call through. */
public sealed interface Verdict {

  /**
   * It does.
   *
   * <p>All of it is to be told to the circuit with how the call ended.
   *
   * @param generation the state it was let through in
   * @param number its place among the calls let through: a later call has a higher one
   */
  record Admitted(long generation, long number) implements Verdict {}

  /**
   * Not now.
   *
   * @param waitNanos when to ask again; more than 0
   */
  record Refused(long waitNanos) implements Verdict {}
}
