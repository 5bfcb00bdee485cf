package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.StreamsDefaults;
import io.millrace.schemas.streams.StreamsRunner;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** The running stages of one process. Thread-safe. */
public final class HookStages implements AutoCloseable {

  private static final Pattern STORES = Pattern.compile("stores: \\[([^]]*)]");
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final StreamsRunner runner;
  private final HookChain chain;
  private final SchemaRegistry registry;
  private final KafkaStreamsMetrics metrics;

  private HookStages(
      StreamsRunner runner, HookChain chain, SchemaRegistry registry, MeterRegistry meters) {
    this.runner = runner;
    this.chain = chain;
    this.registry = registry;
    this.metrics = new KafkaStreamsMetrics(runner.streams());
    metrics.bindTo(meters);
  }

  /**
   * Starts the stages; returns before they are assigned their tasks, see {@link #ready()}.
   *
   * @throws IllegalArgumentException when a hook refuses its configuration; names the hook
   */
  public static HookStages start(
      HookStagesConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters) {
    HookChain chain = HookChain.create(config.hooks(), environment(meters));
    SchemaRegistry registry = connection.openRegistry();
    Topology topology = topology(config, topics, chain, new AvroSerdes(registry), meters);
    StreamsRunner runner = StreamsRunner.start(topology, properties(config, connection));
    return new HookStages(runner, chain, registry, meters);
  }

  /** The plan that a configuration leads to, as text: sources, nodes, stores and sinks. */
  public static String describe(
      HookStagesConfig config, TopicCatalogue topics, MeterRegistry meters) {
    try (HookChain chain = HookChain.create(config.hooks(), environment(meters))) {
      AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
      return inFixedOrder(topology(config, topics, chain, serdes, meters).describe().toString());
    }
  }

  /** Streams lists a node's stores in an order that changes from run to run. */
  private static String inFixedOrder(String plan) {
    return STORES
        .matcher(plan)
        .replaceAll(
            stores ->
                Arrays.stream(stores.group(1).split(", "))
                    .sorted()
                    .collect(Collectors.joining(", ", "stores: [", "]")));
  }

  /**
   * The topology that a configuration leads to, to be run without a broker in a test driver. Its
   * hooks are not closed.
   */
  public static Topology topology(
      HookStagesConfig config,
      TopicCatalogue topics,
      SchemaRegistry registry,
      MeterRegistry meters) {
    HookChain chain = HookChain.create(config.hooks(), environment(meters));
    return topology(config, topics, chain, new AvroSerdes(registry), meters);
  }

  /** Names of the stage groups, for the topic catalogue. */
  public static List<String> groups() {
    return List.of(TopicCatalogue.HOME);
  }

  static Topology topology(
      HookStagesConfig config,
      TopicCatalogue topics,
      HookChain chain,
      AvroSerdes serdes,
      MeterRegistry meters) {
    HomeSetup setup =
        new HomeSetup(
            topics,
            config.routing(),
            chain.names(),
            config.dedupWindow(),
            config.jsonMirror(),
            config.replyTopics(),
            serdes.forType(Exchange.class).deserializer(),
            new HomeMeters(meters));
    return new HomeTopology(setup, chain, serdes).build();
  }

  private static HookEnvironment environment(MeterRegistry meters) {
    return new HookEnvironment(
        InstantSource.system(), new HookMeters(meters), new PipelineEvents());
  }

  private static Properties properties(HookStagesConfig config, KafkaConnection connection) {
    Properties properties =
        StreamsDefaults.exactlyOnce(
            connection, config.applicationId(), config.stateDir(), config.streamThreads());
    // Requests and replies need no common order, so a task never waits for the other topic.
    properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
    return properties;
  }

  /** Whether every task of this instance is restored and running. */
  public boolean ready() {
    return runner.ready();
  }

  /** Why the stages stopped by themselves, if they did. */
  public Optional<Throwable> failure() {
    return runner.failure();
  }

  /** Finishes what is in hand, commits, and closes the hooks in reverse order. */
  @Override
  public void close() {
    runner.close(CLOSE_TIMEOUT);
    metrics.close();
    chain.close();
    registry.close();
  }
}
