package io.millrace.ingest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How the Streams application runs that admits records of the requests topic and keeps results.
 *
 * @param applicationId the same for all instances of one pipeline, no other application's
 * @param stateDir where its stores live; one process at a time
 * @param threads stream threads
 * @param standbyReplicas copies of the results on other instances
 * @param resultRetention how long results can be looked up
 * @param lookupTimeout for a look-up that another instance answers
 */
public record StreamsSettings(
    String applicationId,
    Path stateDir,
    int threads,
    int standbyReplicas,
    Duration resultRetention,
    Duration lookupTimeout) {

  /** Checks the bounds. */
  public StreamsSettings {
    Objects.requireNonNull(applicationId, "applicationId");
    Objects.requireNonNull(stateDir, "stateDir");
    if (threads < 1 || standbyReplicas < 0) {
      throw new IllegalArgumentException("need threads >= 1 and standbyReplicas >= 0");
    }
    if (resultRetention.compareTo(Duration.ofMinutes(2)) < 0 || !lookupTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "resultRetention must be at least 2 minutes and lookupTimeout positive");
    }
  }

  /** Application millrace-ingest, one thread, no standby, 7 days, 2 s. */
  public static StreamsSettings defaults() {
    return new StreamsSettings(
        "millrace-ingest",
        Path.of(".millrace", "ingest"),
        1,
        0,
        Duration.ofDays(7),
        Duration.ofSeconds(2));
  }

  /** These settings with stores elsewhere. */
  public StreamsSettings withStateDir(Path dir) {
    return new StreamsSettings(
        applicationId, dir, threads, standbyReplicas, resultRetention, lookupTimeout);
  }

  /** These settings under another name. */
  public StreamsSettings withApplicationId(String id) {
    return new StreamsSettings(
        id, stateDir, threads, standbyReplicas, resultRetention, lookupTimeout);
  }

  /** These settings with results kept for another time. */
  public StreamsSettings withResultRetention(Duration retention) {
    return new StreamsSettings(
        applicationId, stateDir, threads, standbyReplicas, retention, lookupTimeout);
  }

  /** These settings with other numbers of threads and standby replicas. */
  public StreamsSettings withScale(int otherThreads, int otherStandbyReplicas) {
    return new StreamsSettings(
        applicationId,
        stateDir,
        otherThreads,
        otherStandbyReplicas,
        resultRetention,
        lookupTimeout);
  }
}
