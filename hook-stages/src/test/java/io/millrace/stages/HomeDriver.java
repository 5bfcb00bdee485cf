package io.millrace.stages;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.Prices;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.HookOperation;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.OperationReply;
import io.millrace.schemas.avro.ParkedExchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.models.ReportedModelsView;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.routing.HealthOf;
import io.millrace.stages.routing.Router;
import io.millrace.stages.routing.Routing;
import io.millrace.stages.routing.RoutingPolicy;
import io.millrace.stages.routing.StrategySetting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** Drives the home topology without a broker: requests and replies in, everything else out. */
final class HomeDriver implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final int MAX_PARKED = PipelineUnderTest.MAX_PARKED;

  final TopicCatalogue topics = new TopicCatalogue("t.", 1);
  final List<PipelineEvent> ownEvents = new CopyOnWriteArrayList<>();
  final HookChain chain;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final PipelineEvents pipelineEvents = new PipelineEvents(meters, () -> START, ownEvents::add);
  final LoadGauge load = new LoadGauge(() -> now());

  /** {@code provider} or {@code provider/model}: what operators have blocked. */
  final Set<String> blocked = ConcurrentHashMap.newKeySet();

  final HealthOf health = new HealthOf();

  /** What the watch over threads goes by. */
  final AtomicLong nanoTime = new AtomicLong();

  private final AvroSerdes serdes;
  private final TopologyTestDriver driver;
  private final Path stateDir;
  private Instant now;
  private final TestInputTopic<String, byte[]> requests;
  private final TestInputTopic<String, byte[]> replies;
  private final TestOutputTopic<String, CompletionResult> completions;
  private final TestOutputTopic<String, PipelineEvent> events;
  private final TestOutputTopic<String, Exchange> nextAttempts;
  private final Map<String, TestOutputTopic<String, Exchange>> dispatches = new LinkedHashMap<>();

  HomeDriver(Path stateDir, ActiveHook... hooks) {
    this(stateDir, false, hooks);
  }

  HomeDriver(Path stateDir, boolean jsonMirror, ActiveHook... hooks) {
    this(stateDir, START, new AvroSerdes(new InMemorySchemaRegistry()), jsonMirror, hooks);
  }

  private HomeDriver(
      Path stateDir, Instant now, AvroSerdes serdes, boolean jsonMirror, ActiveHook... hooks) {
    this.serdes = serdes;
    this.stateDir = stateDir;
    this.now = now;
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "home-test");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    // The driver has no transactions anyway, and only so does it take up stores that are there.
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    HookStagesConfig config = config(stateDir, jsonMirror);
    chain = new HookChain(List.of(hooks), pipelineEvents, nanoTime::get);
    chain.initialize();
    driver =
        new TopologyTestDriver(
            new StageApplications(
                    config,
                    topics,
                    chain,
                    serdes,
                    meters,
                    pipelineEvents,
                    load,
                    new StageParts(config, meters, pipelineEvents, AccessKeys.NONE, load)
                        .router(new Router.Known(health, this::isBlocked, ReportedModelsView.NONE)),
                    this::isBlocked)
                .fused(),
            properties,
            now);
    requests = input(topics.stageRequests("home").name());
    replies = input(topics.stageReplies("home").name());
    completions = output(topics.completions().name(), CompletionResult.class);
    events = output(topics.events().name(), PipelineEvent.class);
    nextAttempts = output(topics.stageRequests("home").name(), Exchange.class);
    for (String provider : List.of("one", "two")) {
      for (Lane lane : Lane.values()) {
        String name = topics.dispatch(provider, lane).name();
        dispatches.put(name, output(name, Exchange.class));
      }
    }
  }

  private static HookStagesConfig config(Path stateDir, boolean jsonMirror) {
    HookStagesConfig defaults = HookStagesConfig.defaults(stateDir);
    Map<String, List<String>> providers = new LinkedHashMap<>();
    providers.put("one", List.of());
    providers.put("two", List.of("big"));
    return new HookStagesConfig(
        defaults.applicationId(),
        stateDir,
        HomeScope.TENANT,
        1,
        Duration.ofHours(24),
        defaults.commitInterval(),
        0,
        List.of(),
        new Routing(
            providers,
            "one",
            Map.of("fast", List.of("one/small")),
            new RoutingPolicy(
                StrategySetting.of("priority"),
                Map.of(),
                Map.of(),
                Map.of("one/careful", List.of("two/big")),
                RoutingPolicy.DEFAULT_MAX_FALLBACKS)),
        jsonMirror,
        Set.of(),
        MAX_PARKED,
        defaults.deployment(),
        Prices.FREE);
  }

  static ActiveHook hook(String name, Hook hook) {
    return hook(name, hook, OnError.CONTINUE);
  }

  static ActiveHook hook(String name, Hook hook, OnError onError) {
    return hook(HookDescriptor.of(name, "A hook under test.").onError(onError).build(), hook);
  }

  static ActiveHook hook(HookDescriptor descriptor, Hook hook) {
    return new ActiveHook(
        descriptor.name(), hook, descriptor, descriptor.onError(), true, new HookTally());
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
  }

  private <T extends SpecificRecord> TestOutputTopic<String, T> output(
      String topic, Class<T> type) {
    return driver.createOutputTopic(
        topic, new StringDeserializer(), serdes.forType(type).deserializer());
  }

  void request(Exchange exchange) {
    requests.pipeInput(exchange.getTenant(), bytes(topics.stageRequests("home").name(), exchange));
  }

  void requestBytes(byte @Nullable [] value) {
    requests.pipeInput("acme", value);
  }

  void reply(Exchange exchange) {
    Frame top = exchange.getFrames().getLast();
    input(top.getReplyTopic()).pipeInput(top.getScopeKey(), bytes(top.getReplyTopic(), exchange));
  }

  /** Writes an exchange to any topic. */
  void pipe(String topic, String key, Exchange exchange) {
    input(topic).pipeInput(key, bytes(topic, exchange));
  }

  void replyBytes(byte[] value) {
    replies.pipeInput("acme", value);
  }

  void operate(String key, HookOperation operation) {
    String topic = topics.stageOperations("home").name();
    input(topic)
        .pipeInput(
            key, serdes.forType(HookOperation.class).serializer().serialize(topic, operation));
  }

  void operateBytes(byte @Nullable [] value) {
    input(topics.stageOperations("home").name()).pipeInput("acme", value);
  }

  List<OperationReply> operationReplies() {
    return output(topics.operationReplies().name(), OperationReply.class).readValuesToList();
  }

  Instant now() {
    return now;
  }

  void advance(Duration duration) {
    now = now.plus(duration);
    driver.advanceWallClockTime(duration);
  }

  List<CompletionResult> results() {
    return completions.readValuesToList();
  }

  List<TestRecord<String, CompletionResult>> resultRecords() {
    return completions.readRecordsToList();
  }

  List<PipelineEvent> events() {
    return events.readValuesToList();
  }

  List<String> eventTypes() {
    return events().stream().map(PipelineEvent::getType).toList();
  }

  /** Dispatched exchanges of all providers and lanes. */
  List<Exchange> dispatched() {
    List<Exchange> all = new ArrayList<>();
    dispatches.values().forEach(output -> all.addAll(output.readValuesToList()));
    return all;
  }

  List<Exchange> dispatchedTo(String provider, Lane lane) {
    return output(topics.dispatch(provider, lane).name(), Exchange.class).readValuesToList();
  }

  /** How many exchanges wait on the requests topic to start their next attempt. */
  int pendingFallbacks() {
    return (int) nextAttempts.getQueueSize();
  }

  List<TestRecord<String, byte[]>> deadLetters() {
    return driver
        .createOutputTopic(
            topics.deadLetters().name(), new StringDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  List<TestRecord<String, byte[]>> records(String topic) {
    return driver
        .createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  byte[] bytes(String topic, Exchange exchange) {
    return serdes.forType(Exchange.class).serializer().serialize(topic, exchange);
  }

  /**
   * Ends this driver and starts another over what its stores hold, as a restart would: what lives
   * in memory only is gone.
   */
  HomeDriver restart(ActiveHook... hooks) {
    Path next = stateDir.resolveSibling(stateDir.getFileName() + "-restarted");
    StoreFiles files = new StoreFiles(next.resolve("home-test").resolve("0_0"), serdes);
    StageStores stores = new StageStores("home");
    files.write(driver, stores.ledger(), LedgerEntry.class);
    files.write(driver, stores.earlyReplies(), Exchange.class);
    files.write(driver, stores.parked(), ParkedExchange.class);
    chain.hooks().stream()
        .filter(active -> active.descriptor().stateful())
        .forEach(active -> files.write(driver, active.store()));
    close();
    return new HomeDriver(next, now, serdes, false, hooks);
  }

  private boolean isBlocked(String provider, String model) {
    return blocked.contains(provider) || blocked.contains(provider + "/" + model);
  }

  @Override
  public void close() {
    driver.close();
    pipelineEvents.close();
  }
}
