package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.hook.Operation;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import io.millrace.stages.operate.HookOperations;
import io.millrace.stages.operate.HookQuestion;
import io.millrace.stages.operate.OperationAnswer;
import io.millrace.stages.operate.OperationAnswer.Done;
import io.millrace.stages.operate.OperationAnswer.Refused;
import io.millrace.stages.operate.OperationAnswer.Unanswered;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Operators ask whoever holds the state, of two instances and after one of them is gone. */
@ExtendWith(BrokerExtension.class)
class HookOperationsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;
  private static final int TENANTS = 8;

  private final TestBroker broker;
  private final TopicCatalogue topics;
  private final KafkaConnection connection;
  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final HookOperations operations;
  @TempDir private Path folder;

  HookOperationsIT(TestBroker broker) {
    this.broker = broker;
    this.topics = broker.freshTopics(PARTITIONS);
    this.connection = KafkaConnection.of(broker.bootstrapServers(), "http://unused.invalid");
    this.operations = new HookOperations(connection, topics, registry);
  }

  @BeforeEach
  void createTopics() throws InterruptedException {
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin, topics.all(List.of(TopicCatalogue.HOME), List.of("simulated")), (short) 1);
    }
  }

  @Test
  void shouldBeAnsweredByWhoeverHoldsTheStateAndByNobodyElse() throws Exception {
    assertThat(ask("quota", "show", 0)).isInstanceOf(Refused.class);
    try (HookStages second = start("b")) {
      try (HookStages first = start("a")) {
        await().atMost(PATIENCE).until(() -> first.ready() && second.ready());
        sendOneForEachTenant();
        for (int tenant = 0; tenant < TENANTS; tenant++) {
          assertThat(shown(tenant)).isEqualTo(1);
        }
        assertThat(ask("nobody", "show", 0))
            .isInstanceOfSatisfying(
                Refused.class,
                refused ->
                    assertThat(refused.message())
                        .isEqualTo("there is no hook 'nobody'; hooks that run: quota"));
        assertThat(ask("quota", "explode", 0))
            .isInstanceOfSatisfying(
                Refused.class, refused -> assertThat(refused.httpStatus()).isEqualTo(400));
      }
      sendOneForEachTenant();
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        assertThat(shown(tenant)).as("after the other instance was closed").isEqualTo(2);
      }
      assertThat(ask("quota", "reset", 3)).isInstanceOf(Done.class);
    }
    assertThat(
            operations.ask(
                new HookQuestion("quota", "t4", Operation.of("reset"), "test"),
                Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            Unanswered.class,
            nobody ->
                assertThat(nobody.message())
                    .contains("no instance with role hooks answered for 'quota' within 1000 ms"));
    try (HookStages third = start("c")) {
      await().atMost(PATIENCE).until(third::ready);
      assertThat(shown(3)).as("reset before").isZero();
      assertThat(shown(4)).as("its reset came too late").isEqualTo(2);
    }
  }

  private int shown(int tenant) throws InterruptedException {
    OperationAnswer answer = ask("quota", "show", tenant);
    assertThat(answer).isInstanceOf(Done.class);
    String json = ((Done) answer).json();
    assertThat(json).startsWith("{\"key\":\"t%d\"".formatted(tenant));
    return Integer.parseInt(json.replaceAll(".*\"requests\":(\\d+)}", "$1"));
  }

  private OperationAnswer ask(String hook, String operation, int tenant)
      throws InterruptedException {
    return operations.ask(
        new HookQuestion(hook, "t" + tenant, Operation.of(operation), "test"), PATIENCE);
  }

  private HookStages start(String instance) {
    HookStagesConfig config =
        StageConfigs.of(topics, folder.resolve(instance), List.of(new OperableHook().setting()));
    return HookStages.start(config, connection, topics, new SimpleMeterRegistry(), registry);
  }

  private void sendOneForEachTenant() throws Exception {
    List<Exchange> exchanges = new ArrayList<>();
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      exchanges.add(
          StageRequests.of("t" + tenant, "r" + System.nanoTime(), PATIENCE.multipliedBy(10)));
    }
    StageRequests.send(connection, registry, topics, exchanges);
  }
}
