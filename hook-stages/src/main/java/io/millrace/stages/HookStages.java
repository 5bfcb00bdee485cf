package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.schemas.access.KeyTable;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicFollower;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.StreamsRunner;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.reply.ReplyCourier;
import io.millrace.stages.routing.Router;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.Topology;

/** The running stages of one process. Thread-safe. */
public final class HookStages implements AutoCloseable {

  private final List<StreamsRunner> runners;
  private final HookChain chain;
  private final TopicFollower control;
  private final KeyTable keys;
  private final ProviderTopics providers;
  private final Opened opened;

  private HookStages(
      List<StreamsRunner> runners,
      HookChain chain,
      TopicFollower control,
      KeyTable keys,
      ProviderTopics providers,
      Opened opened) {
    this.runners = List.copyOf(runners);
    this.chain = chain;
    this.control = control;
    this.keys = keys;
    this.providers = providers;
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
      PipelineEvents events = openEvents(topics, connection, serdes, meters, opened);
      KeyTable keys = opened.add(KeyTable.start(topics, connection, serdes));
      LoadGauge load = new LoadGauge(InstantSource.system());
      opened.add(load.show(meters));
      StageParts parts = new StageParts(config, meters, events, keys, load);
      HookChain chain = opened.add(parts.chain());
      chain.initialize();
      chain.threads().start(meters);
      parts.tellStrategy();
      TopicFollower control =
          opened.add(
              ControlReader.start(
                  topics.control().name(),
                  connection,
                  serdes.forType(Control.class).deserializer(),
                  chain));
      ProviderTopics providers =
          ProviderTopics.follow(config.routing(), topics, connection, serdes, opened);
      Router router = opened.add(parts.router(providers.known()));
      StageApplications applications =
          new StageApplications(
              config, topics, chain, serdes, meters, events, load, router, providers.blocks());
      List<StreamsRunner> runners =
          new StageStart(config, connection, topics, meters, opened).run(applications, registry);
      if (!config.replyTopics().isEmpty()) {
        opened.add(courier(config, connection, topics, meters, events));
      }
      return new HookStages(runners, chain, control, keys, providers, opened);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static ReplyCourier courier(
      HookStagesConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters,
      PipelineEvents events) {
    return ReplyCourier.start(
        config.applicationId(),
        config.replyTopics(),
        connection,
        topics,
        meters,
        (request, topic, reason) ->
            events.emit(
                ReplyCourier.UNSENT, Map.of("request", request, "topic", topic, "reason", reason)));
  }

  private static PipelineEvents openEvents(
      TopicCatalogue topics,
      KafkaConnection connection,
      AvroSerdes serdes,
      MeterRegistry meters,
      Opened opened) {
    EventSender sender =
        opened.add(
            EventSender.open(
                topics.events().name(),
                connection,
                serdes.forType(PipelineEvent.class).serializer(),
                meters));
    return opened.add(new PipelineEvents(meters, InstantSource.system(), sender));
  }

  /** The plan that a configuration leads to, as text: sources, nodes, stores and sinks. */
  public static String describe(
      HookStagesConfig config, TopicCatalogue topics, MeterRegistry meters) {
    return new UnstartedStages(config, topics, meters).describe();
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
    return new UnstartedStages(config, topics, meters).topology(registry);
  }

  /**
   * Whether every task of this instance is restored and running, no thread is stuck, and what the
   * control topic says about hooks and providers, the keys topic about keys and the health and
   * models topics about providers is known.
   */
  public boolean ready() {
    return control.caughtUp()
        && keys.caughtUp()
        && providers.caughtUp()
        && runners.stream().allMatch(StreamsRunner::ready)
        && chain.threads().stuck().isEmpty();
  }

  /** Why the stages stopped by themselves, if they did. */
  public Optional<Throwable> failure() {
    return runners.stream().flatMap(runner -> runner.failure().stream()).findFirst();
  }

  /** The hooks in chain order, as they are now. */
  public List<HookStatus> hooks() {
    return chain.status();
  }

  /**
   * The way of one stream's pieces through the hooks that ran (hook contract, H31).
   *
   * @param ran the hooks whose PreHook ran in the attempt, in the order they ran
   */
  public Function<Chunk, ChunkResult> chunksAfter(List<String> ran) {
    return ChunkHooks.after(chain, ran);
  }

  /** Finishes what is in hand, commits, and closes the hooks in reverse order. */
  @Override
  public void close() {
    opened.close();
  }
}
