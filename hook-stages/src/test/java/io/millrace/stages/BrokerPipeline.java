package io.millrace.stages;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.hook.Prices;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import io.millrace.stages.plan.Deployment;
import io.millrace.stages.routing.Routing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The home stage on a broker, with transactions. Dispatches are read uncommitted, as workers read
 * them, results and events committed, as users do.
 */
public final class BrokerPipeline implements PipelineUnderTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> PROVIDERS = List.of("one", "two");

  private final TopicCatalogue topics;
  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final AvroSerdes serdes = new AvroSerdes(registry);
  private final String bootstrapServers;
  private final Path stateDir;
  private final KafkaProducer<String, byte[]> producer;
  private final TopicTail<Exchange> dispatches;
  private final TopicTail<CompletionResult> results;
  private final TopicTail<PipelineEvent> events;
  private final List<PipelineEvent> eventsSoFar = new ArrayList<>();
  private @Nullable HookStages stages;

  /** A pipeline with topics of its own. */
  public BrokerPipeline(TestBroker broker, Path stateDir) {
    this.topics = broker.freshTopics(1);
    this.bootstrapServers = broker.bootstrapServers();
    this.stateDir = stateDir;
    createTopics(broker);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
            new StringSerializer(),
            new ByteArraySerializer());
    List<Topic> dispatchTopics = new ArrayList<>();
    for (String provider : PROVIDERS) {
      for (Lane lane : Lane.values()) {
        dispatchTopics.add(topics.dispatch(provider, lane));
      }
    }
    dispatches = tail(dispatchTopics, Exchange.class, "read_uncommitted");
    results = tail(List.of(topics.completions()), CompletionResult.class, "read_committed");
    events = tail(List.of(topics.events()), PipelineEvent.class, "read_committed");
  }

  private void createTopics(TestBroker broker) {
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin, topics.all(List.of(TopicCatalogue.HOME), PROVIDERS), (short) 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private <T extends SpecificRecord> TopicTail<T> tail(
      List<Topic> read, Class<T> type, String isolation) {
    return new TopicTail<>(
        bootstrapServers,
        read.stream().map(Topic::name).toList(),
        serdes.forType(type).deserializer(),
        isolation);
  }

  @Override
  public void start(List<HookSetting> chain) {
    start(chain, PATIENCE);
  }

  /** Starts it and waits so long at most until it is ready. */
  public void start(List<HookSetting> chain, Duration patience) {
    HookStages started =
        HookStages.start(
            config(chain),
            KafkaConnection.of(bootstrapServers, "http://unused.invalid"),
            topics,
            new SimpleMeterRegistry(),
            registry);
    stages = started;
    await().atMost(patience).pollInterval(Duration.ofMillis(20)).until(started::ready);
  }

  /** Stops it; what is on the topics stays. */
  public void stop() {
    stages().close();
    stages = null;
  }

  /** Its topics. */
  public TopicCatalogue topics() {
    return topics;
  }

  private HookStagesConfig config(List<HookSetting> chain) {
    Map<String, List<String>> providers = new LinkedHashMap<>();
    providers.put("one", List.of());
    providers.put("two", List.of("big"));
    return new HookStagesConfig(
        topics.prefix() + "home",
        stateDir,
        HomeScope.TENANT,
        1,
        Duration.ofHours(24),
        Duration.ofMillis(50),
        0,
        chain,
        new Routing(providers, "one", Map.of()),
        false,
        Set.of(),
        MAX_PARKED,
        Deployment.FUSED,
        Prices.FREE);
  }

  @Override
  public void restart(List<HookSetting> chain) {
    stages().close();
    start(chain);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void letPass(Duration duration) {
    // It passes by itself.
  }

  @Override
  public void request(Exchange exchange) {
    send(topics.stageRequests(TopicCatalogue.HOME), exchange.getTenant(), exchange);
  }

  @Override
  public Exchange dispatched() {
    return dispatches.next(PATIENCE);
  }

  @Override
  public void reply(Exchange exchange) {
    send(
        topics.stageReplies(TopicCatalogue.HOME),
        exchange.getFrames().getLast().getScopeKey(),
        exchange);
  }

  @Override
  public CompletionResult result() {
    return results.next(PATIENCE);
  }

  @Override
  public List<Exchange> furtherDispatches() {
    return dispatches.rest();
  }

  @Override
  public List<CompletionResult> furtherResults() {
    return results.rest();
  }

  @Override
  public void order(String hook, boolean on) {
    Control order = HookControl.switched(hook, on, Instant.now(), "test");
    send(topics.control(), order.getSubject(), order);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                hooks().stream()
                    .anyMatch(status -> status.name().equals(hook) && status.enabled() == on));
  }

  /** Events of one transaction come with its results, so what led to a result is there. */
  @Override
  public List<PipelineEvent> events() {
    events.rest().stream().filter(event -> event.getRequestId() != null).forEach(eventsSoFar::add);
    return List.copyOf(eventsSoFar);
  }

  @Override
  public List<HookStatus> hooks() {
    return stages().hooks();
  }

  /** Why the stage stopped by itself, if it did. */
  public Optional<Throwable> failure() {
    return stages().failure();
  }

  @Override
  public void close() {
    if (stages != null) {
      stages.close();
    }
    producer.close();
    dispatches.close();
    results.close();
    events.close();
  }

  private HookStages stages() {
    return Objects.requireNonNull(stages, "not started");
  }

  @SuppressWarnings("unchecked")
  private <T extends SpecificRecord> void send(Topic topic, String key, T value) {
    byte[] bytes =
        serdes.forType((Class<T>) value.getClass()).serializer().serialize(topic.name(), value);
    try {
      producer.send(new ProducerRecord<>(topic.name(), key, bytes)).get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("cannot send to " + topic.name(), e);
    }
  }
}
