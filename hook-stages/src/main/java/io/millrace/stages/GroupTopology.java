package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.serde.AvroSerdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/**
 * A stage group beyond home: what every group has, between the group before it and the one after.
 */
final class GroupTopology {

  private final StageSetup setup;
  private final AvroSerdes serdes;

  GroupTopology(StageSetup setup, AvroSerdes serdes) {
    this.setup = setup;
    this.serdes = serdes;
  }

  void addTo(Topology topology) {
    StageNodes nodes = setup.nodes();
    new StageTopology(setup, serdes, topology)
        .add(() -> new EnterProcessor(setup), () -> new ReturnProcessor(setup));
    topology.addSink(
        nodes.toGroupBefore(),
        new FormerReplies(),
        StageTopology.KEY,
        serdes.forType(Exchange.class).serializer(),
        nodes.settle());
  }

  /** The topic that the exchange itself says it returns to. */
  private record FormerReplies() implements TopicNameExtractor<String, Exchange> {
    @Override
    public String extract(String key, Exchange exchange, RecordContext context) {
      return exchange.getFrames().getLast().getReplyTopic();
    }

    @Override
    public String toString() {
      return "reply topic of the exchange's top frame";
    }
  }
}
