package io.millrace.stages.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class PlanGuardIT {

  private static final List<PlannedHook> CACHED =
      List.of(Plans.stateful("auth", Scope.TENANT), Plans.stateful("cache", Scope.CONTENT));
  private static final List<PlannedHook> PLAIN = CACHED.subList(0, 1);

  private final SchemaRegistry registry = new InMemorySchemaRegistry();
  private TestBroker broker;
  private TopicCatalogue topics;
  private KafkaConnection connection;

  @BeforeEach
  void createTopics(TestBroker testBroker) throws Exception {
    broker = testBroker;
    topics = broker.freshTopics(2);
    connection = KafkaConnection.of(broker.bootstrapServers(), "http://127.0.0.1:1");
    try (Admin admin = broker.openAdmin()) {
      List<Topic> all =
          topics.all(plan(CACHED).getGroups().stream().map(g -> g.getName()).toList(), List.of());
      TopicCreator.createMissing(admin, all, (short) 1);
    }
  }

  @Test
  void shouldWriteThePlanDownWhenThereIsNone() throws Exception {
    RunningPlan first = plan(CACHED);
    admit(first);
    assertThat(log().latest()).contains(first);
    admit(plan(CACHED));
    assertThat(log().latest()).contains(first);
  }

  @Test
  void shouldTakeTheNewPlanWhenNothingIsHarmed() throws Exception {
    admit(plan(PLAIN));
    admit(plan(CACHED));
    assertThat(log().latest().orElseThrow().getGroups()).hasSize(2);
  }

  @Test
  void shouldExplainAndRefuseWhenARecordWouldBeStranded() throws Exception {
    admit(plan(CACHED));
    String requests = topics.stageRequests("content-cache").name();
    send(requests, "key", "exchange");
    assertThatThrownBy(() -> admit(plan(PLAIN)))
        .isInstanceOf(PlanChangedException.class)
        .hasMessageContainingAll(
            "group 'content-cache' is gone",
            requests,
            "1 waiting on topics, 0 open",
            "Change the configuration back, run 'millrace drain'");
    assertThat(log().latest().orElseThrow().getGroups()).hasSize(2);
  }

  @Test
  void shouldTakeTheNewPlanAndClearTheTopicsWhenEverythingIsProcessed() throws Exception {
    admit(plan(CACHED));
    String requests = topics.stageRequests("content-cache").name();
    send(requests, "key", "exchange");
    commitEverything(requests);
    admit(plan(PLAIN));
    assertThat(log().latest().orElseThrow().getGroups()).hasSize(1);
    try (KafkaConsumer<String, String> consumer = consumer("nobody")) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition(requests, 0), new TopicPartition(requests, 1));
      assertThat(consumer.beginningOffsets(partitions)).isEqualTo(consumer.endOffsets(partitions));
    }
  }

  @Test
  void shouldCountWhatAStoreHoldsWhenItsChangelogSaysSo() throws Exception {
    admit(plan(CACHED));
    String changelog = application() + "-home-ledger-changelog";
    try (Admin admin = broker.openAdmin()) {
      admin.createTopics(List.of(new NewTopic(changelog, 2, (short) 1))).all().get();
    }
    send(changelog, "a", "open");
    send(changelog, "b", "open");
    send(changelog, "a", null);
    assertThatThrownBy(() -> admit(plan(PLAIN)))
        .hasMessageContaining("0 waiting on topics, 1 open");
    send(changelog, "b", null);
    admit(plan(PLAIN));
  }

  @Test
  void shouldRefuseWhileAnInstanceWithTheFormerPlanRuns() throws Exception {
    admit(plan(CACHED));
    try (KafkaConsumer<String, String> member = consumer(application())) {
      member.subscribe(List.of(topics.stageRequests("home").name()));
      while (member.assignment().isEmpty()) {
        member.poll(Duration.ofMillis(100));
      }
      assertThatThrownBy(() -> admit(plan(PLAIN)))
          .hasMessageContaining("Instances with the former plan are running")
          .hasMessageContaining(application());
    }
  }

  private void admit(RunningPlan plan) throws InterruptedException {
    PlanGuard.admit(plan, connection, topics, registry);
  }

  private PlanLog log() {
    return new PlanLog(connection, topics, registry);
  }

  private RunningPlan plan(List<PlannedHook> chain) {
    return PlanRecords.of(
        Planner.plan(chain, HomeScope.TENANT, topics), Deployment.FUSED, application(), 1);
  }

  private String application() {
    return topics.prefix() + "app";
  }

  private void send(String topic, String key, @Nullable String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            connection.clientProperties(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, key, value)).get();
    }
  }

  private void commitEverything(String topic) {
    try (KafkaConsumer<String, String> consumer = consumer(application())) {
      List<TopicPartition> partitions = new ArrayList<>();
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
      consumer
          .endOffsets(partitions)
          .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
      consumer.commitSync(ends);
    }
  }

  private KafkaConsumer<String, String> consumer(String group) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
  }
}
