package io.millrace.embedded.registry;

import static io.millrace.embedded.registry.RegistryCalls.withSchema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.EmbeddedBroker;
import io.millrace.embedded.broker.EmbeddedBrokerConfig;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.embedded.registry.RegistryCalls.Answer;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.registry.RestSchemaRegistry;
import io.millrace.schemas.serde.AvroDeserializer;
import io.millrace.schemas.serde.AvroSerializer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(BrokerExtension.class)
class EmbeddedRegistryIT {

  private static final String HOST = "127.0.0.1";

  @TempDir private Path folder;

  @Test
  void shouldKeepIdsWhenBrokerAndRegistryAreRestarted() {
    int id;
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder));
        EmbeddedRegistry registry = start(broker.bootstrapServers());
        RestSchemaRegistry client = client(registry)) {
      client.register("first-value", io.millrace.schemas.avro.ToolCall.getClassSchema());
      id = client.register("kept-value", CompletionRequest.getClassSchema());
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder));
        EmbeddedRegistry registry = start(broker.bootstrapServers());
        RestSchemaRegistry client = client(registry)) {
      assertThat(client.schemaOf(id)).isEqualTo(CompletionRequest.getClassSchema());
      assertThat(client.register("kept-value", CompletionRequest.getClassSchema())).isEqualTo(id);
      assertThat(client.latest("kept-value").version()).isEqualTo(1);
      assertThat(registry.failure()).isEmpty();
    }
  }

  @Test
  void shouldCarryRecordsWhenKafkaClientsAreConfiguredByName(TestBroker broker) throws Exception {
    try (EmbeddedRegistry registry = start(broker.bootstrapServers());
        Admin admin = broker.openAdmin()) {
      admin.createTopics(List.of(new NewTopic("by-name", 1, (short) 1))).all().get();
      Map<String, Object> config =
          Map.of(
              "bootstrap.servers", broker.bootstrapServers(),
              "schema.registry.url", registry.url(),
              "specific.avro.reader", "true",
              "key.serializer", AvroSerializer.class.getName(),
              "value.serializer", AvroSerializer.class.getName(),
              "key.deserializer", AvroDeserializer.class.getName(),
              "value.deserializer", AvroDeserializer.class.getName());
      var call = new io.millrace.schemas.avro.ToolCall("c", "name", "{}");
      try (KafkaProducer<Object, Object> producer = new KafkaProducer<>(config);
          KafkaConsumer<Object, Object> consumer = new KafkaConsumer<>(config)) {
        producer.send(new ProducerRecord<>("by-name", "key", call)).get();
        TopicPartition partition = new TopicPartition("by-name", 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Awaitility.await()
            .until(
                () -> consumer.poll(Duration.ofMillis(100)),
                records ->
                    records.count() == 1
                        && records.iterator().next().value().equals(call)
                        && records.iterator().next().key().toString().equals("key"));
      }
    }
  }

  @Test
  void shouldAnswerLikeARegistryWhenTheRequestMakesNoSense(TestBroker broker) {
    try (EmbeddedRegistry registry = start(broker.bootstrapServers());
        RegistryCalls calls = new RegistryCalls(registry.url())) {
      assertThat(calls.get("/").body()).isEmpty();
      assertAnswer(calls.get("/no/such/path"), 404, 404);
      assertAnswer(calls.post("/subjects/s/versions", "no json"), 422, 422);
      assertAnswer(calls.post("/subjects/s/versions", "{}"), 422, 42201);
      assertAnswer(calls.post("/subjects/s/versions", ""), 422, 42201);
      assertAnswer(
          calls.post("/subjects/s/versions", "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}"),
          422,
          42201);
      assertAnswer(
          calls.post(
              "/subjects/s/versions",
              "{\"schema\":\"\\\"int\\\"\",\"references\":[{\"name\":\"R\"}]}"),
          422,
          42201);
      assertAnswer(calls.get("/schemas/ids/x"), 422, 422);
      assertAnswer(calls.get("/config/nobody"), 404, 40408);
      assertAnswer(
          calls.post("/subjects/s/versions", withSchema("\"" + "x".repeat(1 << 20) + "\"")),
          413,
          413);
    }
  }

  private static void assertAnswer(Answer answer, int status, int errorCode) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.errorCode()).as("%s", answer).isEqualTo(errorCode);
    assertThat(answer.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
  }

  @Test
  void shouldHoldNewSubjectsToBackwardWhenNothingIsConfigured(TestBroker broker) {
    try (EmbeddedRegistry registry = start(broker.bootstrapServers());
        RegistryCalls calls = new RegistryCalls(registry.url())) {
      assertThat(calls.get("/config").body().path("compatibilityLevel").asText())
          .isEqualTo("BACKWARD");
      calls.post("/subjects/by-default/versions", withSchema("\"int\""));
      assertAnswer(calls.post("/subjects/by-default/versions", withSchema("\"string\"")), 409, 409);
      assertThat(
              calls
                  .post(
                      "/compatibility/subjects/by-default/versions/1?verbose=true",
                      withSchema("\"string\""))
                  .body()
                  .path("messages")
                  .toString())
          .contains("TYPE_MISMATCH");
    }
  }

  @Test
  void shouldSayWhatToDoWhenThePortIsTaken(TestBroker broker) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      assertThatThrownBy(
              () ->
                  EmbeddedRegistry.start(broker.bootstrapServers(), HOST, taken.getLocalPort())
                      .close())
          .isInstanceOf(EmbeddedRegistryException.class)
          .hasMessageContainingAll(HOST + ":" + taken.getLocalPort(), "choose another port");
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.equals("embedded-registry-log"));
  }

  @Test
  void shouldSayWhichBrokerWhenItsAddressIsNone() {
    assertThatThrownBy(() -> start("no-such-host.invalid:9092").close())
        .isInstanceOf(EmbeddedRegistryException.class)
        .hasMessageContainingAll("no-such-host.invalid:9092", "No resolvable bootstrap urls");
  }

  @Test
  void shouldRefuseToStartWhenTheTopicWouldLoseSchemas() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder))) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        admin
            .createTopics(List.of(new NewTopic(SchemaTopic.NAME, Optional.of(1), Optional.empty())))
            .all()
            .get();
        assertThatThrownBy(() -> start(broker.bootstrapServers()).close())
            .isInstanceOf(EmbeddedRegistryException.class)
            .hasMessageContainingAll("cleanup.policy=delete", "set it to compact");
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, SchemaTopic.NAME);
        AlterConfigOp compact =
            new AlterConfigOp(
                new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(topic, List.of(compact))).all().get();
      }
      start(broker.bootstrapServers()).close();
    }
  }

  private static EmbeddedRegistry start(String bootstrapServers) {
    return EmbeddedRegistry.start(bootstrapServers, HOST, 0);
  }

  private static RestSchemaRegistry client(EmbeddedRegistry registry) {
    return RestSchemaRegistry.open(Map.of("schema.registry.url", registry.url()));
  }
}
