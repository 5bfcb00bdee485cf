package io.millrace.launcher.batch;

/** Shows how far a run is. Called by the run's thread only, many times a second. */
interface Progress extends AutoCloseable {

  /** The figures are now these. */
  void update(Tally tally);

  /** Something worth a line of its own. */
  void note(String text);

  /** The run is over. */
  @Override
  void close();
}
