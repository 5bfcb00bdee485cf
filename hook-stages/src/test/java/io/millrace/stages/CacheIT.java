package io.millrace.stages;

import static io.millrace.stages.Exchanges.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import io.millrace.stages.hooks.cache.CacheHookFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The cache on a broker, under exactly-once: equal requests at once, over instances and kills. */
@ExtendWith(BrokerExtension.class)
class CacheIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int REQUESTS = 100;
  private static final List<String> TENANTS = List.of("acme", "globex");

  private final TestBroker broker;
  private final TopicCatalogue topics;
  private final KafkaConnection connection;
  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final AvroSerdes serdes = new AvroSerdes(registry);
  private final List<HookStages> instances = new ArrayList<>();
  private final List<CompletionResult> results = new ArrayList<>();
  private final KafkaProducer<String, byte[]> producer;
  private TopicTail<Exchange> dispatches;
  private TopicTail<CompletionResult> completions;
  @TempDir private Path folder;

  CacheIT(TestBroker broker) {
    this.broker = broker;
    topics = broker.freshTopics(2);
    connection = KafkaConnection.of(broker.bootstrapServers(), "http://unused.invalid");
    producer =
        new KafkaProducer<>(
            connection.clientProperties(), new StringSerializer(), new ByteArraySerializer());
  }

  @BeforeEach
  void createTopics() throws InterruptedException {
    List<String> groups = new ArrayList<>();
    for (String scope : List.of("tenant", "content")) {
      groups.addAll(ChainPlan.of(config("any", scope), topics).groupNames());
    }
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin, topics.all(groups.stream().distinct().toList(), List.of("simulated")), (short) 1);
    }
    dispatches =
        tail(
            List.of(
                topics.dispatch("simulated", Lane.STANDARD),
                topics.dispatch("simulated", Lane.BATCH)),
            Exchange.class,
            "read_uncommitted");
    completions = tail(List.of(topics.completions()), CompletionResult.class, "read_committed");
  }

  @AfterEach
  void close() {
    instances.forEach(HookStages::close);
    producer.close();
    dispatches.close();
    completions.close();
  }

  @Test
  void shouldMakeOneCallForEachTenantWhenEqualRequestsComeAtOnceOverTwoInstances()
      throws Exception {
    start("one", "tenant");
    start("two", "tenant");
    sendAll("r", "What is a millrace?");
    Map<String, Exchange> calls = callsOfBoth();
    awaitCoalesced(2 * REQUESTS - 2);
    calls.values().forEach(call -> reply(answered(call, "for " + call.getTenant())));
    awaitResults(2 * REQUESTS);

    assertThat(results).extracting(CompletionResult::getRequestId).doesNotHaveDuplicates();
    assertThat(results)
        .allSatisfy(
            result ->
                assertThat(Exchanges.textOf(result.getOutcome()))
                    .isEqualTo("for " + result.getTenant()));
    assertThat(results.stream().filter(result -> cacheHeader(result).equals("coalesced")).count())
        .isEqualTo(2 * REQUESTS - 2);
    assertThat(dispatches.rest()).as("exactly one call each").isEmpty();

    sendAll("again", "What is a millrace?");
    awaitResults(4 * REQUESTS);
    assertThat(results.subList(2 * REQUESTS, 4 * REQUESTS))
        .allSatisfy(result -> assertThat(cacheHeader(result)).isEqualTo("hit"));
    assertThat(dispatches.rest()).isEmpty();
  }

  @Test
  void shouldStillMakeOneCallWhenAnInstanceStopsMeanwhileAndAnswerFromRestoredState()
      throws Exception {
    start("one", "tenant");
    sendAll("r", "And how fast does it run?");
    Map<String, Exchange> calls = callsOfBoth();
    awaitCoalesced(2 * REQUESTS - 2);
    instances.removeFirst().close();
    start("elsewhere", "tenant");
    calls.values().forEach(call -> reply(answered(call, "fast")));
    awaitResults(2 * REQUESTS);
    assertThat(dispatches.rest()).as("the calls of before were enough").isEmpty();

    instances.removeFirst().close();
    start("and-elsewhere", "tenant");
    sendAll("again", "And how fast does it run?");
    awaitResults(4 * REQUESTS);
    assertThat(results.subList(2 * REQUESTS, 4 * REQUESTS))
        .allSatisfy(result -> assertThat(cacheHeader(result)).isEqualTo("hit"));
    assertThat(dispatches.rest()).isEmpty();
  }

  @Test
  void shouldMakeOneMoreCallWhenTheLeadersCallFails() throws Exception {
    start("one", "tenant");
    sendAll("r", "Why?");
    Map<String, Exchange> calls = callsOfBoth();
    awaitCoalesced(2 * REQUESTS - 2);
    calls
        .values()
        .forEach(
            call ->
                reply(
                    Exchanges.failed(call, io.millrace.plugin.model.ErrorCode.UPSTREAM_REJECTED)));
    Map<String, Exchange> second = callsOfBoth();
    second.values().forEach(call -> reply(answered(call, "because")));
    awaitResults(2 * REQUESTS);
    assertThat(dispatches.rest()).isEmpty();
  }

  @Test
  void shouldMakeOneCallForAllTenantsWhenTheyShare() throws Exception {
    start("one", "content");
    start("two", "content");
    sendAll("r", "What is a millrace?");
    Exchange call = dispatches.next(PATIENCE);
    awaitCoalesced(2 * REQUESTS - 1);
    reply(answered(call, "a channel"));
    awaitResults(2 * REQUESTS);
    assertThat(dispatches.rest()).as("exactly one call").isEmpty();
  }

  /**
   * Questions that differ in one character or one parameter, many at once, in every spelling; one
   * of two instances goes away in between.
   */
  @Test
  void shouldGiveEveryRequestItsOwnAnswerWhenManyNearOnesComeAtOnce() throws Exception {
    start("one", "tenant");
    start("two", "tenant");
    Random random = new Random(7);
    Map<String, String> expected = new HashMap<>();
    Set<String> answeredCalls = new HashSet<>();
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < 6 * REQUESTS; i++) {
      Exchange exchange =
          request(TENANTS.get(i % 2), "n" + i, "Why" + " ".repeat(random.nextInt(8)));
      exchange.getRequest().setTemperature(random.nextInt(4) / 2.0);
      if (random.nextBoolean()) {
        exchange.getRequest().setTopP(1.0);
      }
      expected.put(exchange.getRequestId(), answerTo(exchange));
      sent.add(
          send(topics.stageRequests(TopicCatalogue.HOME).name(), exchange.getTenant(), exchange));
      if (i == 3 * REQUESTS) {
        instances.removeFirst().close();
      }
      answerAll(answeredCalls);
    }
    for (Future<?> each : sent) {
      each.get(30, TimeUnit.SECONDS);
    }
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              answerAll(answeredCalls);
              results.addAll(completions.rest());
              return results.size() >= expected.size();
            });
    assertThat(results).hasSize(expected.size());
    assertThat(results)
        .allSatisfy(
            result ->
                assertThat(Exchanges.textOf(result.getOutcome()))
                    .isEqualTo(expected.get(result.getRequestId())));
    assertThat(answeredCalls).as("one call for each question").hasSize(2 * 8 * 4);
  }

  /** Answers every call there is, in words that only its question has. */
  private void answerAll(Set<String> answeredCalls) {
    for (Exchange call : dispatches.rest()) {
      answeredCalls.add(answerTo(call));
      reply(answered(call, answerTo(call)));
    }
  }

  private static String answerTo(Exchange exchange) {
    return exchange.getTenant()
        + "|"
        + exchange.getRequest().getMessages().getFirst().getContent()
        + "|"
        + exchange.getRequest().getTemperature();
  }

  /** One call for each tenant. */
  private Map<String, Exchange> callsOfBoth() {
    Map<String, Exchange> calls = new TreeMap<>();
    for (int i = 0; i < TENANTS.size(); i++) {
      Exchange call = dispatches.next(PATIENCE);
      assertThat(calls.put(call.getTenant(), call)).as("one call for each tenant").isNull();
    }
    return calls;
  }

  /** Until so many wait in all instances. */
  private void awaitCoalesced(long waiting) {
    await()
        .atMost(PATIENCE)
        .until(() -> meters.stream().mapToDouble(CacheIT::joined).sum() >= waiting);
  }

  private final List<SimpleMeterRegistry> meters = new ArrayList<>();

  private static double joined(SimpleMeterRegistry registry) {
    return registry.find("millrace.home.parked").tag("for", "leader").counters().stream()
        .mapToDouble(io.micrometer.core.instrument.Counter::count)
        .sum();
  }

  private void awaitResults(int count) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              results.addAll(completions.rest());
              return results.size() >= count;
            });
    assertThat(results).hasSize(count);
  }

  private void start(String name, String scope) {
    SimpleMeterRegistry registryOfOne = new SimpleMeterRegistry();
    meters.add(registryOfOne);
    HookStages started =
        HookStages.start(config(name, scope), connection, topics, registryOfOne, registry);
    instances.add(started);
    await().atMost(PATIENCE).until(started::ready);
  }

  /** Each instance has a folder of its own, so state comes from its changelog. */
  private HookStagesConfig config(String name, String scope) {
    return StageConfigs.of(
        topics,
        folder.resolve(name),
        Duration.ofMillis(50),
        List.of(
            new HookSetting(
                "cache", new CacheHookFactory(), null, null, true, Map.of("scope", scope))));
  }

  private void sendAll(String prefix, String prompt) throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      for (String tenant : TENANTS) {
        Exchange exchange = request(tenant, prefix + i, prompt);
        exchange.setLane(i % 2 == 0 ? Lane.STANDARD : Lane.BATCH);
        sent.add(send(topics.stageRequests(TopicCatalogue.HOME).name(), tenant, exchange));
      }
    }
    for (Future<?> each : sent) {
      each.get(30, TimeUnit.SECONDS);
    }
  }

  private static Exchange request(String tenant, String id, String prompt) {
    Exchange exchange = Exchanges.accepted(tenant + "-" + id, "simulated/any");
    exchange
        .getRequest()
        .setMessages(List.of(new Message("user", prompt, null, List.of(), null, new HashMap<>())));
    exchange.setTenant(tenant);
    exchange.setExchangeId(tenant + "/" + exchange.getRequestId());
    long now = System.currentTimeMillis();
    exchange.setAcceptedAtMillis(now);
    exchange.setDeadlineMillis(now + 10 * PATIENCE.toMillis());
    return exchange;
  }

  private void reply(Exchange exchange) {
    Frame top = exchange.getFrames().getLast();
    var unused = send(top.getReplyTopic(), top.getScopeKey(), exchange);
  }

  private Future<?> send(String topic, String key, Exchange exchange) {
    byte[] bytes = serdes.forType(Exchange.class).serializer().serialize(topic, exchange);
    return producer.send(new ProducerRecord<>(topic, key, bytes));
  }

  private <T extends SpecificRecord> TopicTail<T> tail(
      List<Topic> read, Class<T> type, String isolation) {
    return new TopicTail<>(
        broker.bootstrapServers(),
        read.stream().map(Topic::name).toList(),
        serdes.forType(type).deserializer(),
        isolation);
  }

  private static String cacheHeader(CompletionResult result) {
    return String.valueOf(result.getResponseHeaders().get("x-millrace-cache"));
  }
}
