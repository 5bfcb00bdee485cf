package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import io.millrace.stages.CountingHook.Call;
import io.millrace.stages.plan.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups of three scopes on a broker, the instance stopped and another started in between. */
@ExtendWith(BrokerExtension.class)
class StageGroupsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROUNDS = 3;
  private static final int REQUESTS_PER_ROUND = 30;

  @TempDir private Path folder;

  private final SchemaRegistry registry = new InMemorySchemaRegistry();
  private final Queue<Call> calls = CountingHook.noCalls();

  @ParameterizedTest
  @EnumSource
  void shouldShowEveryHookEveryExchangeOnceEachWayOverRestarts(
      Deployment deployment, TestBroker broker) throws Exception {
    TopicCatalogue topics = broker.freshTopics(2);
    KafkaConnection connection =
        KafkaConnection.of(broker.bootstrapServers(), "http://unused.invalid");
    HookStagesConfig config = config(topics, deployment, 0);
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin,
          topics.all(ChainPlan.of(config, topics).groupNames(), List.of("simulated")),
          (short) 1);
    }
    Set<String> results = new HashSet<>();
    try (ReplyingWorker worker =
            new ReplyingWorker(
                connection,
                registry,
                Pattern.compile(Pattern.quote(topics.prefix() + "dispatch.") + ".*"));
        KafkaConsumer<String, CompletionResult> completions = completions(connection, topics)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (HookStages stages = start(config(topics, deployment, round), connection, topics)) {
          send(connection, topics, round);
          int half = round * REQUESTS_PER_ROUND + REQUESTS_PER_ROUND / 2;
          await().atMost(PATIENCE).until(() -> read(completions, results) >= half);
          assertThat(stages.failure()).isEmpty();
        }
      }
      try (HookStages stages = start(config(topics, deployment, ROUNDS), connection, topics)) {
        await()
            .atMost(PATIENCE)
            .until(() -> read(completions, results) == ROUNDS * REQUESTS_PER_ROUND);
        assertThat(stages.failure()).isEmpty();
      }
    }
    assertEachOnceAndCounted();
  }

  /** A transaction that was taken back ran its hooks for nothing: the last call is the one kept. */
  private void assertEachOnceAndCounted() {
    Map<String, Integer> kept = new HashMap<>();
    for (Call call : calls) {
      kept.put(call.hook() + "." + call.direction() + " " + call.exchange(), call.count());
    }
    assertThat(kept).hasSize(6 * ROUNDS * REQUESTS_PER_ROUND);
    Map<String, List<Integer>> counts = new HashMap<>();
    kept.forEach(
        (call, count) -> {
          String key = call.startsWith("auth") ? call.substring(0, call.indexOf('/')) : "one state";
          counts
              .computeIfAbsent(call.substring(0, call.indexOf(' ')) + key, any -> new ArrayList<>())
              .add(count);
        });
    counts.forEach(
        (state, seen) -> {
          List<Integer> expected = new ArrayList<>();
          for (int i = 1; i <= seen.size(); i++) {
            expected.add(i);
          }
          assertThat(seen).as(state).containsExactlyInAnyOrderElementsOf(expected);
        });
  }

  private HookStages start(
      HookStagesConfig config, KafkaConnection connection, TopicCatalogue topics) {
    return HookStages.start(config, connection, topics, new SimpleMeterRegistry(), registry);
  }

  /** Each start has a folder of its own, so that every state comes from its changelog. */
  private HookStagesConfig config(TopicCatalogue topics, Deployment deployment, int start) {
    return StageConfigs.deployed(
        topics,
        folder.resolve("state" + start),
        List.of(
            new CountingHook("auth", Scope.TENANT, calls).setting(),
            new CountingHook("cache", Scope.CONTENT, calls).setting(),
            new CountingHook("quota", Scope.PROVIDER, calls).setting()),
        deployment);
  }

  private void send(KafkaConnection connection, TopicCatalogue topics, int round) throws Exception {
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < REQUESTS_PER_ROUND; i++) {
      exchanges.add(
          StageRequests.of("t" + i % 3, "r" + round + "-" + i, PATIENCE.multipliedBy(10)));
    }
    StageRequests.send(connection, registry, topics, exchanges);
  }

  private static int read(
      KafkaConsumer<String, CompletionResult> completions, Set<String> results) {
    completions
        .poll(Duration.ofMillis(100))
        .forEach(record -> assertThat(results.add(record.key())).as(record.key()).isTrue());
    return results.size();
  }

  private KafkaConsumer<String, CompletionResult> completions(
      KafkaConnection connection, TopicCatalogue topics) {
    Map<String, Object> properties = connection.clientProperties();
    properties.putAll(
        Map.of(
            "group.id", topics.prefix() + "test",
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed"));
    KafkaConsumer<String, CompletionResult> consumer =
        new KafkaConsumer<>(
            properties,
            new StringDeserializer(),
            new AvroSerdes(registry).forType(CompletionResult.class).deserializer());
    consumer.subscribe(List.of(topics.completions().name()));
    return consumer;
  }
}
