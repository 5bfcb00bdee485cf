package io.millrace.stages;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.openai.CompletionResultJson;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.ResultSender.ReplyCopy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/**
 * The home stage:
 *
 * <pre>
 * requests ► accept ► a.pre ► b.pre ► dispatch ► dispatch.PROVIDER.LANE
 *               │       ▲       ▲        ▲
 *               ╰─ parking (its clock) ──╯
 *               ▲        ╲       ╲        ╲ (early reply)
 *    (fallback) │         ▼       ▼        ▼
 *            settle ◄─ a.post ◄ b.post ◄ match ◄ replies
 *               ╰► completions
 * </pre>
 *
 * What a hook parks goes on from the parking node, which takes no records, only ticks. A fallback
 * takes the way over the requests topic, because a topology has no cycles.
 */
final class HomeTopology {

  private static final StringSerializer KEY = new StringSerializer();

  private final HomeSetup setup;
  private final HookChain chain;
  private final AvroSerdes serdes;

  HomeTopology(HomeSetup setup, AvroSerdes serdes) {
    this.setup = setup;
    this.chain = setup.chain();
    this.serdes = serdes;
  }

  Topology build() {
    Topology topology = new Topology();
    source(topology, HomeNodes.REQUESTS, setup.topics().stageRequests(TopicCatalogue.HOME).name());
    topology.addProcessor(HomeNodes.ACCEPT, () -> new AcceptProcessor(setup), HomeNodes.REQUESTS);
    topology.addProcessor(HomeNodes.PARKING, () -> new ParkingProcessor(setup), HomeNodes.ACCEPT);
    addPreHooks(topology);
    source(topology, HomeNodes.REPLIES, setup.topics().stageReplies(TopicCatalogue.HOME).name());
    topology.addProcessor(HomeNodes.MATCH, () -> new MatchProcessor(setup), HomeNodes.REPLIES);
    addPostHooks(topology);
    addStores(topology);
    addHookStores(topology);
    addSinks(topology);
    return topology;
  }

  private static void source(Topology topology, String name, String topic) {
    topology.addSource(name, new StringDeserializer(), new ByteArrayDeserializer(), topic);
  }

  private void addPreHooks(Topology topology) {
    List<String> names = setup.hookNames();
    String parent = HomeNodes.ACCEPT;
    for (int i = 0; i < names.size(); i++) {
      ActiveHook active = chain.hooks().get(i);
      String next = HomeNodes.nextPre(names, i);
      String name = HomeNodes.pre(active.name());
      topology.addProcessor(
          name, () -> new PreHookProcessor(setup, active, next), parent, HomeNodes.PARKING);
      parent = name;
    }
    topology.addProcessor(
        HomeNodes.DISPATCH, () -> new DispatchProcessor(setup), parent, HomeNodes.PARKING);
  }

  private void addPostHooks(Topology topology) {
    List<String> names = setup.hookNames();
    List<String> parents = new ArrayList<>(List.of(HomeNodes.MATCH, HomeNodes.DISPATCH));
    for (int i = names.size() - 1; i >= 0; i--) {
      ActiveHook active = chain.hooks().get(i);
      String next = HomeNodes.nextPost(names, i);
      parents.add(HomeNodes.pre(active.name()));
      String name = HomeNodes.post(active.name());
      topology.addProcessor(
          name, () -> new PostHookProcessor(setup, active, next), parents.toArray(String[]::new));
      parents = new ArrayList<>(List.of(name));
    }
    parents.add(HomeNodes.ACCEPT);
    topology.addProcessor(
        HomeNodes.SETTLE, () -> new SettleProcessor(setup), parents.toArray(String[]::new));
  }

  private void addStores(Topology topology) {
    String[] ends = {HomeNodes.ACCEPT, HomeNodes.DISPATCH, HomeNodes.MATCH, HomeNodes.SETTLE};
    List<String> parking = new ArrayList<>(List.of(HomeNodes.PARKING, HomeNodes.MATCH));
    for (String hook : setup.hookNames()) {
      parking.add(HomeNodes.pre(hook));
      parking.add(HomeNodes.post(hook));
    }
    Set<String> all = new LinkedHashSet<>(List.of(ends));
    all.addAll(parking);
    HomeStores.ofExchanges(setup.dedupWindow(), serdes)
        .forEach(store -> topology.addStateStore(store, all.toArray(String[]::new)));
    HomeStores.ofParking(serdes)
        .forEach(store -> topology.addStateStore(store, parking.toArray(String[]::new)));
    topology.addStateStore(HomeStores.earlyReplies(serdes), HomeNodes.DISPATCH, HomeNodes.MATCH);
  }

  /** A hook's own store hangs on its own two nodes, and where it chooses routes by its state. */
  private void addHookStores(Topology topology) {
    for (ActiveHook active : chain.hooks()) {
      if (active.descriptor().stateful()) {
        List<String> nodes =
            new ArrayList<>(List.of(HomeNodes.pre(active.name()), HomeNodes.post(active.name())));
        if (active.choosesRoutes() && RouteChoice.hasState(active, setup.homeScope())) {
          nodes.add(HomeNodes.ACCEPT);
        }
        topology.addStateStore(HomeStores.ofHook(active), nodes.toArray(String[]::new));
      }
    }
  }

  private void addSinks(Topology topology) {
    TopicCatalogue topics = setup.topics();
    Serializer<Exchange> exchange = serdes.forType(Exchange.class).serializer();
    Serializer<CompletionResult> result = serdes.forType(CompletionResult.class).serializer();
    Serializer<PipelineEvent> event = serdes.forType(PipelineEvent.class).serializer();
    topology.addSink(
        HomeNodes.TO_PROVIDERS, new DispatchTopic(topics), KEY, exchange, HomeNodes.DISPATCH);
    topology.addSink(
        HomeNodes.TO_NEXT_ATTEMPT,
        topics.stageRequests(TopicCatalogue.HOME).name(),
        KEY,
        exchange,
        HomeNodes.SETTLE);
    topology.addSink(
        HomeNodes.TO_COMPLETIONS, topics.completions().name(), KEY, result, HomeNodes.SETTLE);
    topology.addSink(
        HomeNodes.TO_COMPLETIONS_JSON,
        topics.completionsJson().name(),
        KEY,
        (Serializer<CompletionResult>)
            (topic, value) ->
                CompletionResultJson.write(value).toString().getBytes(StandardCharsets.UTF_8),
        HomeNodes.SETTLE);
    addReplyTopicSink(topology, result);
    topology.addSink(HomeNodes.TO_EVENTS, topics.events().name(), KEY, event, everyProcessor());
    topology.addSink(
        HomeNodes.TO_DEAD_LETTERS,
        topics.deadLetters().name(),
        KEY,
        new ByteArraySerializer(),
        HomeNodes.ACCEPT,
        HomeNodes.MATCH);
  }

  private static void addReplyTopicSink(Topology topology, Serializer<CompletionResult> result) {
    StreamPartitioner<String, ReplyCopy> wanted =
        (topic, key, copy, partitions) ->
            copy.partition().isPresent() && copy.partition().getAsInt() < partitions
                ? Optional.of(Set.of(copy.partition().getAsInt()))
                : Optional.empty();
    Serializer<ReplyCopy> value = (topic, copy) -> result.serialize(topic, copy.result());
    topology.addSink(
        HomeNodes.TO_REPLY_TOPIC, new ReplyTopic(), KEY, value, wanted, HomeNodes.SETTLE);
  }

  private String[] everyProcessor() {
    List<String> names =
        new ArrayList<>(
            List.of(
                HomeNodes.ACCEPT,
                HomeNodes.PARKING,
                HomeNodes.DISPATCH,
                HomeNodes.MATCH,
                HomeNodes.SETTLE));
    for (String hook : setup.hookNames()) {
      names.add(HomeNodes.pre(hook));
      names.add(HomeNodes.post(hook));
    }
    return names.toArray(String[]::new);
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

  /** The topic that the request named. */
  private record ReplyTopic() implements TopicNameExtractor<String, ReplyCopy> {
    @Override
    public String extract(String key, ReplyCopy copy, RecordContext context) {
      return copy.topic();
    }

    @Override
    public String toString() {
      return "reply topic that the request named";
    }
  }
}
