package io.millrace.stages.plan;

import io.millrace.schemas.avro.PlanGroup;
import io.millrace.schemas.avro.PlanStore;
import io.millrace.schemas.avro.RunningPlan;

/** Writes a plan down, so that a later start can tell whether it is still the same. */
public final class PlanRecords {

  private PlanRecords() {}

  /**
   * The plan as a record.
   *
   * @param applicationId the home group's
   * @param atMillis now
   */
  public static RunningPlan of(
      StagePlan plan, Deployment deployment, String applicationId, long atMillis) {
    return new RunningPlan(
        plan.groups().stream()
            .map(group -> of(group, deployment.applicationOf(group, applicationId)))
            .toList(),
        atMillis);
  }

  private static PlanGroup of(StageGroup group, String applicationId) {
    return new PlanGroup(
        group.name(),
        group.key().description(),
        applicationId,
        group.partitions(),
        group.requests().name(),
        group.replies().name(),
        group.hookNames(),
        group.stores().stream()
            .map(store -> new PlanStore(store.name(), store.hook(), store.holdsExchanges()))
            .toList());
  }
}
