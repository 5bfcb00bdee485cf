package io.millrace.stages.plan;

/** How the groups of a plan become Kafka Streams applications ({@code stages.deploy}). */
public enum Deployment {
  /** All groups in one application: they start, scale and fail together. */
  FUSED,
  /** Each group in an application of its own, to scale and fail alone. */
  SEPARATE;

  /**
   * The application that runs a group.
   *
   * @param applicationId the one of the home group
   */
  public String applicationOf(StageGroup group, String applicationId) {
    return this == FUSED || group.home() ? applicationId : applicationId + "." + group.name();
  }
}
