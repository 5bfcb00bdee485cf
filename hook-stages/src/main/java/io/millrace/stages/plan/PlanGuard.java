package io.millrace.stages.plan;

import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the stages start where the configured plan fits the data at hand: it is the former plan, or
 * differs in nothing that matters, or nothing is under way that the difference could harm.
 */
public final class PlanGuard {

  private static final Logger LOG = LoggerFactory.getLogger(PlanGuard.class);

  private PlanGuard() {}

  /**
   * Checks a plan against the one that worked on the data before, and writes it down in its place.
   *
   * @param plan what is about to start
   * @param registry stays the caller's
   * @throws PlanChangedException when exchanges under way would be lost: says which and what to do
   * @throws org.apache.kafka.common.KafkaException when the cluster cannot be reached
   */
  public static void admit(
      RunningPlan plan, KafkaConnection connection, TopicCatalogue topics, SchemaRegistry registry)
      throws InterruptedException {
    PlanLog log = new PlanLog(connection, topics, registry);
    RunningPlan former = log.latest().orElse(null);
    if (former != null) {
      if (former.getGroups().equals(plan.getGroups())) {
        return;
      }
      List<String> conflicts = PlanComparison.conflicts(former, plan);
      if (!conflicts.isEmpty()) {
        replace(former, conflicts, connection);
      }
    }
    log.write(plan);
  }

  private static void replace(
      RunningPlan former, List<String> conflicts, KafkaConnection connection)
      throws InterruptedException {
    try (Admin admin = Admin.create(connection.clientProperties())) {
      InFlightGauge gauge = new InFlightGauge(connection, admin, former);
      Set<String> running = gauge.runningApplications();
      if (!running.isEmpty()) {
        throw new PlanChangedException(
            explain(former, conflicts)
                + "\nInstances with the former plan are running (%s; one that was killed counts for another 10 s): stop them all, then start again."
                    .formatted(String.join(", ", running)));
      }
      InFlight inFlight = gauge.measure();
      if (!inFlight.none()) {
        throw new PlanChangedException(
            explain(former, conflicts)
                + "\nUnder way: "
                + inFlight
                + ". Change the configuration back, run 'millrace drain', then change it again.");
      }
      LOG.warn(
          "{}\nNothing is under way, so the stages start with the new plan.",
          explain(former, conflicts));
      gauge.clearTopics();
    }
  }

  private static String explain(RunningPlan former, List<String> conflicts) {
    return conflicts.stream()
        .map(conflict -> "\n  - " + conflict)
        .collect(
            Collectors.joining(
                "",
                "the plan of the stages is not the one that has worked on this data since %s:"
                    .formatted(Instant.ofEpochMilli(former.getAtMillis())),
                ""));
  }
}
