package io.millrace.stages.plan;

/**
 * What is under way in the stages.
 *
 * @param waiting records on the groups' topics that nobody has processed
 * @param open exchanges that a group has sent on, or parked, and not finished
 */
public record InFlight(long waiting, long open) {

  /** Whether there is nothing. */
  public boolean none() {
    return waiting == 0 && open == 0;
  }

  @Override
  public String toString() {
    return waiting + " waiting on topics, " + open + " open";
  }
}
