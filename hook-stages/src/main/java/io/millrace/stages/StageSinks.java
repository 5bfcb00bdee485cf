package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.plan.StageGroup;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/** Where records leave a stage group, whichever group it is. */
final class StageSinks {

  private final StageSetup setup;
  private final StageNodes nodes;
  private final AvroSerdes serdes;
  private final Topology topology;

  StageSinks(StageSetup setup, AvroSerdes serdes, Topology topology) {
    this.setup = setup;
    this.nodes = setup.nodes();
    this.serdes = serdes;
    this.topology = topology;
  }

  /**
   * Adds them.
   *
   * @param hooks the nodes of hooks
   * @param all every node
   */
  void add(List<String> hooks, String[] all) {
    Serializer<Exchange> exchange = serdes.forType(Exchange.class).serializer();
    Serializer<PipelineEvent> event = serdes.forType(PipelineEvent.class).serializer();
    TopicCatalogue topics = setup.topics();
    addWayOn(exchange);
    if (!setup.hookNames().isEmpty()) {
      topology.addSink(
          nodes.toHome(),
          topics.stageRequests(TopicCatalogue.HOME).name(),
          StageTopology.KEY,
          exchange,
          hooks.toArray(String[]::new));
    }
    topology.addSink(nodes.toEvents(), topics.events().name(), StageTopology.KEY, event, all);
    topology.addSink(
        nodes.toDeadLetters(),
        topics.deadLetters().name(),
        StageTopology.KEY,
        new ByteArraySerializer(),
        nodes.accept(),
        nodes.match(),
        nodes.operate());
  }

  /** To the next group, or from the last one to the workers. */
  private void addWayOn(Serializer<Exchange> exchange) {
    StageGroup next = setup.next();
    if (next == null) {
      topology.addSink(
          nodes.toProviders(),
          new DispatchTopic(setup.topics()),
          StageTopology.KEY,
          exchange,
          nodes.dispatch());
    } else {
      topology.addSink(
          nodes.toNextGroup(),
          next.requests().name(),
          StageTopology.KEY,
          exchange,
          nodes.dispatch());
    }
  }

  /** The provider's topic for the exchange's lane. */
  private record DispatchTopic(TopicCatalogue topics)
      implements TopicNameExtractor<String, Exchange> {
    @Override
    public String extract(String key, Exchange exchange, RecordContext context) {
      return topics.dispatch(exchange.getTarget().getProvider(), exchange.getLane()).name();
    }

    @Override
    public String toString() {
      return "dispatch topic of provider and lane";
    }
  }
}
