package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
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
  private final ControlReader control;
  private final KafkaStreamsMetrics metrics;
  private final Opened opened;

  private HookStages(StreamsRunner runner, HookChain chain, ControlReader control, Opened opened) {
    this.runner = runner;
    this.chain = chain;
    this.control = control;
    this.metrics = new KafkaStreamsMetrics(runner.streams());
    this.opened = opened;
  }

  /**
   * Starts the stages; returns before they are assigned their tasks, see {@link #ready()}.
   *
   * @throws IllegalArgumentException when a hook refuses its configuration, or lacks a hook that it
   *     depends on; names the hook
   * @throws IllegalStateException when a hook cannot be initialized; names it and the cause
   */
  public static HookStages start(
      HookStagesConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters) {
    return start(config, connection, topics, meters, connection.openRegistry());
  }

  /** The same with another registry, which is closed with the stages. */
  static HookStages start(
      HookStagesConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters,
      SchemaRegistry registry) {
    Opened opened = new Opened();
    try {
      opened.add(registry);
      AvroSerdes serdes = new AvroSerdes(registry);
      EventSender sender =
          opened.add(
              EventSender.open(
                  topics.events().name(),
                  connection,
                  serdes.forType(PipelineEvent.class).serializer(),
                  meters));
      PipelineEvents events =
          opened.add(new PipelineEvents(meters, InstantSource.system(), sender));
      HookChain chain = opened.add(chain(config, meters, events));
      chain.initialize();
      ControlReader control =
          opened.add(
              ControlReader.start(
                  topics.control().name(),
                  connection,
                  serdes.forType(Control.class).deserializer(),
                  chain));
      Topology topology = topology(config, topics, chain, serdes, meters, events);
      StreamsRunner runner =
          opened.add(
              StreamsRunner.start(topology, properties(config, connection)),
              running -> running.close(CLOSE_TIMEOUT));
      HookStages stages = new HookStages(runner, chain, control, opened);
      stages.metrics.bindTo(meters);
      opened.add(stages.metrics);
      return stages;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** The plan that a configuration leads to, as text: sources, nodes, stores and sinks. */
  public static String describe(
      HookStagesConfig config, TopicCatalogue topics, MeterRegistry meters) {
    PipelineEvents events = silent(meters);
    AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
    HookChain chain = chain(config, meters, events);
    return inFixedOrder(
        topology(config, topics, chain, serdes, meters, events).describe().toString());
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
   * hooks are initialized and not closed.
   */
  public static Topology topology(
      HookStagesConfig config,
      TopicCatalogue topics,
      SchemaRegistry registry,
      MeterRegistry meters) {
    PipelineEvents events = silent(meters);
    HookChain chain = chain(config, meters, events);
    chain.initialize();
    return topology(config, topics, chain, new AvroSerdes(registry), meters, events);
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
      MeterRegistry meters,
      PipelineEvents events) {
    chain.hooks().forEach(active -> active.tally().bindTo(meters, active.name()));
    HomeSetup setup =
        new HomeSetup(
            topics,
            config.routing(),
            chain,
            config.homeScope(),
            config.dedupWindow(),
            config.jsonMirror(),
            config.replyTopics(),
            serdes.forType(Exchange.class).deserializer(),
            new HomeMeters(meters),
            events,
            config.maxParkedPerTenant());
    return new HomeTopology(setup, serdes).build();
  }

  private static HookChain chain(
      HookStagesConfig config, MeterRegistry meters, PipelineEvents events) {
    HookMeters hookMeters = new HookMeters(meters);
    return HookChain.create(
        config.hooks(),
        hook -> new HookEnvironment(InstantSource.system(), hookMeters, events.from(hook)),
        events);
  }

  /** Events of a pipeline that does not run: nobody outside hears of them. */
  private static PipelineEvents silent(MeterRegistry meters) {
    return new PipelineEvents(meters, InstantSource.system(), event -> {});
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

  /**
   * Whether every task of this instance is restored and running, and what the control topic says
   * about hooks is known.
   */
  public boolean ready() {
    return control.caughtUp() && runner.ready();
  }

  /** Why the stages stopped by themselves, if they did. */
  public Optional<Throwable> failure() {
    return runner.failure();
  }

  /** The hooks in chain order, as they are now. */
  public List<HookStatus> hooks() {
    return chain.status();
  }

  /** Finishes what is in hand, commits, and closes the hooks in reverse order. */
  @Override
  public void close() {
    opened.close();
  }
}
