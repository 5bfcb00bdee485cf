package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.CommitPace;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.plan.Deployment;
import io.millrace.stages.plan.StageGroup;
import io.millrace.stages.plan.StagePlan;
import io.millrace.stages.routing.Router;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Kafka Streams topologies of a plan.
 *
 * @param config the configuration
 * @param topics every topic
 * @param chain the hooks of all groups
 * @param serdes reads and writes values
 * @param meters where groups count
 * @param events who hears of what happens
 * @param load where the home stage tells what it has to do
 * @param router chooses where requests go
 * @param blocks which providers and models operators have blocked
 */
record StageApplications(
    HookStagesConfig config,
    TopicCatalogue topics,
    HookChain chain,
    AvroSerdes serdes,
    MeterRegistry meters,
    PipelineEvents events,
    LoadGauge load,
    Router router,
    ProviderBlockView blocks) {

  /** The plan of the chain. */
  StagePlan plan() {
    return ChainPlan.of(chain, config.homeScope(), topics);
  }

  /** The topology of each application, by its id; the home group's comes first. */
  SequencedMap<String, Topology> topologies(Deployment deployment) {
    chain.hooks().forEach(active -> active.tally().bindTo(meters, active.name()));
    chain.remoteCalls().bindTo(meters);
    HomeMeters counted = new HomeMeters(meters);
    CommitPace commits = new CommitPace(config.commitInterval());
    StagePlan plan = plan();
    SequencedMap<String, Topology> topologies = new LinkedHashMap<>();
    for (StageGroup group : plan.groups()) {
      String application = deployment.applicationOf(group, config.applicationId());
      Topology topology = topologies.computeIfAbsent(application, id -> new Topology());
      StageSetup setup = setup(group, plan.after(group).orElse(null), counted, commits);
      if (group.home()) {
        new HomeTopology(setup, serdes).addTo(topology);
      } else {
        new GroupTopology(setup, serdes).addTo(topology);
      }
    }
    return topologies;
  }

  /** All groups in one topology, as the fused deployment runs them. */
  Topology fused() {
    return topologies(Deployment.FUSED).firstEntry().getValue();
  }

  private StageSetup setup(
      StageGroup group, @Nullable StageGroup next, HomeMeters counted, CommitPace commits) {
    return StageSetup.of(
        group,
        next,
        config,
        topics,
        chain,
        serdes.forType(Exchange.class).deserializer(),
        counted,
        events,
        group.home() ? load : new LoadGauge(InstantSource.system()),
        router,
        blocks,
        commits);
  }
}
