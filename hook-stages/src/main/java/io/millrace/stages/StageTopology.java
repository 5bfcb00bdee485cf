package io.millrace.stages;

import io.millrace.schemas.avro.HookOperation;
import io.millrace.schemas.avro.OperationReply;
import io.millrace.schemas.serde.AvroSerdes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * What every stage group has: the way down, the way up, parking and stores.
 *
 * <pre>
 * requests ► accept ► a.pre ► b.pre ► dispatch ► the next group, or dispatch.PROVIDER.LANE
 *               │       ▲       ▲        ▲
 *               ╰─ parking (its clock) ──╯
 *                        ╲       ╲        ╲ (early reply)
 *                         ▼       ▼        ▼
 *            settle ◄─ a.post ◄ b.post ◄ match ◄ replies
 * </pre>
 *
 * What operators ask comes on a topic of its own, by the same key, to a node that has the state of
 * all hooks:
 *
 * <pre>
 * operations ► operate ► operation-replies
 * </pre>
 *
 * What a hook parks goes on from the parking node, which takes no records, only ticks.
 */
final class StageTopology {

  static final StringSerializer KEY = new StringSerializer();

  private final StageSetup setup;
  private final StageNodes nodes;
  private final AvroSerdes serdes;
  private final Topology topology;

  StageTopology(StageSetup setup, AvroSerdes serdes, Topology topology) {
    this.setup = setup;
    this.nodes = setup.nodes();
    this.serdes = serdes;
    this.topology = topology;
  }

  /**
   * Adds the nodes, stores and sinks.
   *
   * @param accept takes exchanges in
   * @param settle sends outcomes out
   */
  void add(
      ProcessorSupplier<String, byte[], String, Object> accept,
      ProcessorSupplier<String, Passage, String, Object> settle) {
    source(nodes.requests(), setup.group().requests().name());
    topology.addProcessor(nodes.accept(), accept, nodes.requests());
    topology.addProcessor(nodes.parking(), () -> new ParkingProcessor(setup), nodes.accept());
    addPreHooks();
    source(nodes.replies(), setup.group().replies().name());
    topology.addProcessor(nodes.match(), () -> new MatchProcessor(setup), nodes.replies());
    addPostHooks(settle);
    addOperations();
    addStores();
    addHookStores();
    new StageSinks(setup, serdes, topology).add(everyHook(), everyProcessor());
  }

  private void source(String name, String topic) {
    topology.addSource(name, new StringDeserializer(), new ByteArrayDeserializer(), topic);
  }

  private void addPreHooks() {
    List<ActiveHook> hooks = setup.hooks();
    String parent = nodes.accept();
    for (int i = 0; i < hooks.size(); i++) {
      ActiveHook active = hooks.get(i);
      String next = nodes.nextPre(i);
      String name = StageNodes.pre(active.name());
      topology.addProcessor(
          name, () -> new PreHookProcessor(setup, active, next), parent, nodes.parking());
      parent = name;
    }
    topology.addProcessor(
        nodes.dispatch(), () -> new DispatchProcessor(setup), parent, nodes.parking());
  }

  private void addPostHooks(ProcessorSupplier<String, Passage, String, Object> settle) {
    List<ActiveHook> hooks = setup.hooks();
    List<String> parents = new ArrayList<>(List.of(nodes.match(), nodes.dispatch()));
    for (int i = hooks.size() - 1; i >= 0; i--) {
      ActiveHook active = hooks.get(i);
      String next = nodes.nextPost(i);
      parents.add(StageNodes.pre(active.name()));
      if (active.descriptor().remote()) {
        parents.add(nodes.parking());
      }
      String name = StageNodes.post(active.name());
      topology.addProcessor(
          name, () -> new PostHookProcessor(setup, active, next), parents.toArray(String[]::new));
      parents = new ArrayList<>(List.of(name));
    }
    parents.add(nodes.accept());
    topology.addProcessor(nodes.settle(), settle, parents.toArray(String[]::new));
  }

  private void addOperations() {
    source(nodes.operations(), setup.group().operations().name());
    Deserializer<HookOperation> operations = serdes.forType(HookOperation.class).deserializer();
    topology.addProcessor(
        nodes.operate(), () -> new OperateProcessor(setup, operations), nodes.operations());
    topology.addSink(
        nodes.toOperationReplies(),
        setup.topics().operationReplies().name(),
        KEY,
        serdes.forType(OperationReply.class).serializer(),
        nodes.operate());
  }

  private void addStores() {
    List<String> parking = new ArrayList<>(List.of(nodes.parking(), nodes.match()));
    parking.addAll(everyHook());
    Set<String> all =
        new LinkedHashSet<>(
            List.of(nodes.accept(), nodes.dispatch(), nodes.match(), nodes.settle()));
    all.addAll(parking);
    StageStores stores = setup.stores();
    stores
        .ofExchanges(setup.dedupWindow(), serdes)
        .forEach(store -> topology.addStateStore(store, all.toArray(String[]::new)));
    stores
        .ofParking(serdes)
        .forEach(store -> topology.addStateStore(store, parking.toArray(String[]::new)));
    topology.addStateStore(stores.ofEarlyReplies(serdes), nodes.dispatch(), nodes.match());
  }

  /**
   * A hook's own store hangs on its own two nodes, on the one that answers operators, and where it
   * chooses routes by its state.
   */
  private void addHookStores() {
    for (ActiveHook active : setup.hooks()) {
      if (active.descriptor().stateful()) {
        List<String> names =
            new ArrayList<>(
                List.of(
                    StageNodes.pre(active.name()),
                    StageNodes.post(active.name()),
                    nodes.operate()));
        if (setup.group().home() && active.choosesRoutes()) {
          names.add(nodes.accept());
        }
        topology.addStateStore(StageStores.ofHook(active), names.toArray(String[]::new));
      }
    }
  }

  private String[] everyProcessor() {
    List<String> names =
        new ArrayList<>(
            List.of(
                nodes.accept(),
                nodes.parking(),
                nodes.dispatch(),
                nodes.match(),
                nodes.settle(),
                nodes.operate()));
    names.addAll(everyHook());
    return names.toArray(String[]::new);
  }

  private List<String> everyHook() {
    return setup.hookNames().stream()
        .flatMap(hook -> Stream.of(StageNodes.pre(hook), StageNodes.post(hook)))
        .toList();
  }
}
