package io.millrace.stages;

import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.embedded.registry.EmbeddedRegistry;
import io.millrace.plugin.hook.OnError;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A remote hook and the server it asks, over HTTP and on a broker. */
@ExtendWith(BrokerExtension.class)
@ResourceLock("the topic of the schema registry, which has one writer")
class RemoteHookIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration SHORT = Duration.ofSeconds(3);

  private final TestBroker broker;
  private final TopicCatalogue topics;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  @TempDir private Path folder;
  private EmbeddedRegistry registryServer;
  private KafkaConnection connection;
  private SchemaRegistry registry;
  private AskedServer server;
  private ReplyingWorker worker;
  private TopicTail<CompletionResult> results;

  RemoteHookIT(TestBroker broker) {
    this.broker = broker;
    this.topics = broker.freshTopics(1);
  }

  @BeforeEach
  void open() throws Exception {
    registryServer = EmbeddedRegistry.start(broker.bootstrapServers(), "127.0.0.1", 0);
    connection = KafkaConnection.of(broker.bootstrapServers(), registryServer.url());
    registry = connection.openRegistry();
    server = new AskedServer();
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin, topics.all(List.of(TopicCatalogue.HOME), List.of("simulated")), (short) 1);
    }
    worker =
        new ReplyingWorker(
            connection,
            registry,
            Pattern.compile(Pattern.quote(topics.prefix() + "dispatch.") + ".*"));
    results =
        new TopicTail<>(
            connection.bootstrapServers(),
            List.of(topics.completions().name()),
            new AvroSerdes(registry).forType(CompletionResult.class).deserializer(),
            "read_committed");
  }

  @AfterEach
  void close() throws Exception {
    results.close();
    worker.close();
    server.close();
    registry.close();
    registryServer.close();
  }

  @Test
  void shouldHoldUpNobodyElseWhenTheServerIsSlow() throws Exception {
    try (HookStages stages = start(PATIENCE.multipliedBy(2), OnError.FAIL)) {
      send("hang-1");
      await().atMost(PATIENCE).until(() -> server.asked("hang-1") == 1);
      send("quick-1");
      assertThat(results.next(PATIENCE).getRequestId()).isEqualTo("quick-1");
      server.letGo();
      CompletionResult slow = results.next(PATIENCE);
      assertThat(slow.getRequestId()).isEqualTo("hang-1");
      assertThat(textOf(slow.getOutcome())).isEqualTo("yes");
      assertThat(server.asked("hang-1")).isEqualTo(1);
      assertThat(stages.failure()).isEmpty();
    }
  }

  @Test
  void shouldAskAgainWhenTheServerFailsAndGiveUpWhenItAlwaysDoes() throws Exception {
    try (HookStages stages = start(PATIENCE, OnError.FAIL)) {
      send("flaky-1");
      assertThat(textOf(results.next(PATIENCE).getOutcome())).isEqualTo("yes");
      assertThat(server.asked("flaky-1")).isEqualTo(3);
      assertThat(meters.get(RemoteCalls.RETRIES).functionCounter().count()).isEqualTo(2);
      send("broken-1");
      assertThat(codeOf(results.next(PATIENCE).getOutcome())).isEqualTo("hook_failed");
      assertThat(server.asked("broken-1")).isEqualTo(RemoteCalls.MAX_TRIES);
      assertThat(stages.failure()).isEmpty();
    }
  }

  @Test
  void shouldDoAsOnErrorSaysWhenTheServerHangs() throws Exception {
    Queue<Double> inFlight = new ConcurrentLinkedQueue<>();
    server.whenAsked = () -> inFlight.add(meters.get(RemoteCalls.IN_FLIGHT).gauge().value());
    try (HookStages stages = start(SHORT, OnError.FAIL)) {
      send("hang-1");
      assertThat(codeOf(results.next(PATIENCE).getOutcome())).isEqualTo("hook_failed");
      assertThat(inFlight).containsExactly(1.0);
      assertThat(meters.get(RemoteCalls.TIMEOUTS).functionCounter().count()).isEqualTo(1);
      assertThat(meters.get(RemoteCalls.IN_FLIGHT).gauge().value()).isZero();
      assertThat(meters.get(RemoteCalls.WAITING).gauge().value()).isZero();
      assertThat(stages.failure()).isEmpty();
    }
    server.whenAsked = () -> {};
    try (HookStages stages = start(SHORT, OnError.CONTINUE)) {
      send("hang-2");
      assertThat(textOf(results.next(PATIENCE).getOutcome())).isEqualTo("yes");
      assertThat(stages.failure()).isEmpty();
    }
  }

  @Test
  void shouldAskAgainAndAnswerOnceWhenTheProcessIsKilledMeanwhile() throws Exception {
    Path log = folder.resolve("stages.log");
    Process first =
        StageProcess.start(connection, topics, server.url(), folder.resolve("first"), log);
    try {
      send("hang-1");
      await().atMost(PATIENCE).until(() -> server.asked("hang-1") == 1 || !first.isAlive());
      assertThat(first.isAlive()).as("see %s", log).isTrue();
    } finally {
      first.destroyForcibly().waitFor();
    }
    Process second =
        StageProcess.start(connection, topics, server.url(), folder.resolve("second"), log);
    try {
      await().atMost(PATIENCE).until(() -> server.asked("hang-1") == 2);
      server.letGo();
      assertThat(textOf(results.next(PATIENCE).getOutcome())).isEqualTo("yes");
      send("quick-2");
      assertThat(results.next(PATIENCE).getRequestId())
          .as("nothing came in between")
          .isEqualTo("quick-2");
      assertThat(server.asked("hang-1")).isEqualTo(2);
    } finally {
      second.destroyForcibly().waitFor();
    }
  }

  private HookStages start(Duration budget, OnError onError) {
    HookStages stages =
        HookStages.start(
            StageProcess.config(
                topics, folder.resolve("state-" + onError), server.url(), budget, onError),
            connection,
            topics,
            meters);
    await().atMost(PATIENCE).until(stages::ready);
    return stages;
  }

  private void send(String id) throws Exception {
    String topic = topics.stageRequests(TopicCatalogue.HOME).name();
    Exchange exchange = Exchanges.accepted(id, "simulated/any");
    long now = System.currentTimeMillis();
    exchange.setAcceptedAtMillis(now);
    exchange.setDeadlineMillis(now + 10 * PATIENCE.toMillis());
    try (KafkaProducer<String, Exchange> producer =
        new KafkaProducer<>(
            connection.clientProperties(),
            new StringSerializer(),
            new AvroSerdes(registry).forType(Exchange.class).serializer())) {
      producer
          .send(new ProducerRecord<>(topic, exchange.getTenant(), exchange))
          .get(30, TimeUnit.SECONDS);
    }
  }
}
