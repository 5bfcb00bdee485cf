package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.streams.CommitPace;
import io.millrace.schemas.streams.StreamsDefaults;
import io.millrace.schemas.streams.StreamsRunner;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.plan.PlanGuard;
import io.millrace.stages.plan.PlanRecords;
import io.millrace.stages.plan.StagePlan;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * Starts the applications of a plan that the pipeline's data admits.
 *
 * @param opened what was opened so far; the applications are added to it
 */
record StageStart(
    HookStagesConfig config,
    KafkaConnection connection,
    TopicCatalogue topics,
    MeterRegistry meters,
    Opened opened) {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** Starts them; returns before they are assigned their tasks. */
  List<StreamsRunner> run(StageApplications applications, SchemaRegistry registry) {
    admit(applications.plan(), registry);
    List<StreamsRunner> runners = new ArrayList<>();
    for (var application : applications.topologies(config.deployment()).entrySet()) {
      runners.add(run(application.getValue(), properties(application.getKey())));
    }
    return runners;
  }

  private void admit(StagePlan plan, SchemaRegistry registry) {
    RunningPlan record =
        PlanRecords.of(
            plan, config.deployment(), config.applicationId(), InstantSource.system().millis());
    try {
      PlanGuard.admit(record, connection, topics, registry);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }

  private StreamsRunner run(Topology topology, Properties properties) {
    StreamsRunner runner =
        opened.add(
            StreamsRunner.start(topology, properties, topics::goesOnBy),
            running -> running.close(CLOSE_TIMEOUT));
    KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(runner.streams());
    metrics.bindTo(meters);
    opened.add(metrics);
    return runner;
  }

  private Properties properties(String applicationId) {
    Properties properties =
        StreamsDefaults.exactlyOnce(
            connection, applicationId, config.stateDir(), config.streamThreads());
    // Requests and replies need no common order, so a task never waits for the other topic.
    properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        new CommitPace(config.commitInterval()).longestMillis());
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
    return properties;
  }
}
