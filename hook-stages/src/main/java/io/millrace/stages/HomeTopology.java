package io.millrace.stages;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.openai.CompletionResultJson;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/**
 * The home stage: what every group has, and beyond that the start of attempts and the end of
 * exchanges. A fallback takes the way over the requests topic, because a topology has no cycles.
 *
 * <pre>
 * requests ► accept ► ...                 next attempt ► requests
 *                                        ╱
 *                        ... ► settle ──► completions
 * </pre>
 */
final class HomeTopology {

  private final StageSetup setup;
  private final AvroSerdes serdes;

  HomeTopology(StageSetup setup, AvroSerdes serdes) {
    this.setup = setup;
    this.serdes = serdes;
  }

  void addTo(Topology topology) {
    new StageTopology(setup, serdes, topology)
        .add(() -> new AcceptProcessor(setup), () -> new SettleProcessor(setup));
    addSinks(topology);
  }

  private void addSinks(Topology topology) {
    TopicCatalogue topics = setup.topics();
    String settle = setup.nodes().settle();
    Serializer<CompletionResult> result = serdes.forType(CompletionResult.class).serializer();
    topology.addSink(
        StageNodes.TO_NEXT_ATTEMPT,
        setup.group().requests().name(),
        StageTopology.KEY,
        serdes.forType(Exchange.class).serializer(),
        settle);
    topology.addSink(
        StageNodes.TO_COMPLETIONS, topics.completions().name(), StageTopology.KEY, result, settle);
    topology.addSink(
        StageNodes.TO_COMPLETIONS_JSON,
        topics.completionsJson().name(),
        StageTopology.KEY,
        (Serializer<CompletionResult>)
            (topic, value) ->
                CompletionResultJson.write(value).toString().getBytes(StandardCharsets.UTF_8),
        settle);
  }
}
