package io.millrace.embedded.registry;

import static io.millrace.embedded.registry.RegistryCalls.segment;
import static io.millrace.embedded.registry.RegistryCalls.withSchema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.embedded.registry.RegistryCalls.Answer;
import io.millrace.schemas.avro.ToolCall;
import io.millrace.schemas.registry.RestSchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry.RegisteredSchema;
import io.millrace.schemas.registry.SchemaRegistryException;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Millrace needs of a schema registry, whoever made it. A subclass says where one listens. */
abstract class RegistryContract {

  /** Distinguishes the subjects of a test from those of all others, also on a kept registry. */
  private static final String RUN = Long.toString(System.nanoTime(), 36);

  private static final AtomicInteger subjects = new AtomicInteger();
  private static final int NO_SUCH_ID = 2_000_000_000;

  private final String subject = "contract-" + RUN + "-" + subjects.incrementAndGet();
  private RegistryCalls calls;
  private RestSchemaRegistry client;

  /** The registry's base address. */
  abstract String url();

  /** What it calls a version that is neither a number nor {@code latest}. */
  int codeOfAnInvalidVersion() {
    return 42202;
  }

  @BeforeEach
  void open() {
    calls = new RegistryCalls(url());
    client = RestSchemaRegistry.open(Map.of("schema.registry.url", url()));
  }

  @AfterEach
  void close() {
    calls.close();
    client.close();
  }

  /** A record with these fields, each as {@code name:type} or {@code name:type=default}. */
  private String record(String... fields) {
    return "{\"type\":\"record\",\"name\":\"R\",\"doc\":\""
        + subject
        + " für die 世界\",\"fields\":["
        + String.join(",", Arrays.stream(fields).map(RegistryContract::field).toList())
        + "]}";
  }

  private static String field(String field) {
    String[] parts = field.split("[:=]", -1);
    String byDefault = parts.length == 3 ? ",\"default\":" + parts[2] : "";
    return "{\"name\":\"" + parts[0] + "\",\"type\":\"" + parts[1] + "\"" + byDefault + "}";
  }

  private Answer register(String... fields) {
    return calls.post(versions(), withSchema(record(fields)));
  }

  private int registered(String... fields) {
    Answer answer = register(fields);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.body().path("id").asInt();
  }

  private String versions() {
    return "/subjects/" + segment(subject) + "/versions";
  }

  private static List<JsonNode> items(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return StreamSupport.stream(answer.body().spliterator(), false).toList();
  }

  private static void assertFault(Answer answer, int status, int errorCode) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.errorCode()).as("%s", answer).isEqualTo(errorCode);
    assertThat(answer.body().path("message").asText()).isNotEmpty();
  }

  @Test
  void shouldGiveTheSameIdWhenASchemaIsRegisteredAgain() {
    int id = registered("a:int");
    assertThat(id).isPositive();
    assertThat(registered("a:int")).isEqualTo(id);
    assertThat(items(calls.get(versions()))).extracting(JsonNode::asInt).containsExactly(1);
    Answer elsewhere =
        calls.post(
            "/subjects/" + segment(subject + "-other") + "/versions", withSchema(record("a:int")));
    assertThat(elsewhere.body().path("id").asInt()).isEqualTo(id);
  }

  @Test
  void shouldAnswerAsJsonWhenAsked() {
    registered("a:int");
    assertThat(calls.get("/subjects").contentType()).contains("json");
    assertThat(calls.get("/schemas/types").body().toString()).contains("AVRO");
  }

  @Test
  void shouldGiveVersionsWhenTheyAreRegistered() {
    int first = registered("a:int");
    int second = registered("a:int", "b:int=1");
    assertThat(second).isNotEqualTo(first);
    assertThat(items(calls.get("/subjects"))).extracting(JsonNode::asText).contains(subject);
    assertThat(items(calls.get(versions()))).extracting(JsonNode::asInt).containsExactly(1, 2);
    assertVersion(calls.get(versions() + "/1"), 1, first, record("a:int"));
    assertVersion(calls.get(versions() + "/2"), 2, second, record("a:int", "b:int=1"));
    assertVersion(calls.get(versions() + "/latest"), 2, second, record("a:int", "b:int=1"));
    assertThat(calls.get(versions() + "/1/schema").body().path("name").asText()).isEqualTo("R");
  }

  private void assertVersion(Answer answer, int version, int id, String schema) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    JsonNode body = answer.body();
    assertThat(body.path("subject").asText()).isEqualTo(subject);
    assertThat(body.path("version").asInt()).isEqualTo(version);
    assertThat(body.path("id").asInt()).isEqualTo(id);
    assertThat(new Schema.Parser().parse(body.path("schema").asText()))
        .isEqualTo(new Schema.Parser().parse(schema));
  }

  @Test
  void shouldFindASchemaWhenItStandsThere() {
    int id = registered("a:int");
    Answer found = calls.post("/subjects/" + subject, withSchema(record("a:int")));
    assertVersion(found, 1, id, record("a:int"));
    assertFault(calls.post("/subjects/" + subject, withSchema(record("z:int"))), 404, 40403);
    assertFault(calls.post("/subjects/no-" + subject, withSchema(record("a:int"))), 404, 40401);
  }

  @Test
  void shouldGiveASchemaWhenItsIdIsKnown() {
    int id = registered("a:int");
    JsonNode body = calls.get("/schemas/ids/" + id).body();
    assertThat(new Schema.Parser().parse(body.path("schema").asText()))
        .isEqualTo(new Schema.Parser().parse(record("a:int")));
    assertThat(items(calls.get("/schemas/ids/" + id + "/subjects")))
        .extracting(JsonNode::asText)
        .containsExactly(subject);
    assertThat(items(calls.get("/schemas/ids/" + id + "/versions")))
        .extracting(item -> item.path("subject").asText() + item.path("version").asInt())
        .containsExactly(subject + 1);
    assertFault(calls.get("/schemas/ids/" + NO_SUCH_ID), 404, 40403);
  }

  @Test
  void shouldRefuseWhenTheSchemaIsNone() {
    assertFault(calls.post(versions(), withSchema("{\"type\":\"nothing\"}")), 422, 42201);
    assertFault(calls.post(versions(), withSchema("{")), 422, 42201);
    assertFault(calls.get(versions()), 404, 40401);
  }

  @Test
  void shouldSayWhatIsMissingWhenItIs() {
    assertFault(calls.get("/subjects/no-" + subject + "/versions"), 404, 40401);
    assertFault(calls.get("/subjects/no-" + subject + "/versions/1"), 404, 40401);
    assertFault(calls.get("/subjects/no-" + subject + "/versions/latest"), 404, 40401);
    assertFault(calls.delete("/subjects/no-" + subject), 404, 40401);
    registered("a:int");
    assertFault(calls.get(versions() + "/7"), 404, 40402);
    assertThat(calls.get(versions() + "/newest").errorCode()).isEqualTo(codeOfAnInvalidVersion());
  }

  @ParameterizedTest
  @CsvSource({
    // level, removed field without default, added with default, added without, other type
    "NONE,                true,  true, true,  true",
    "BACKWARD,            true,  true, false, false",
    "BACKWARD_TRANSITIVE, true,  true, false, false",
    "FORWARD,             false, true, true,  false",
    "FORWARD_TRANSITIVE,  false, true, true,  false",
    "FULL,                false, true, false, false",
    "FULL_TRANSITIVE,     false, true, false, false"
  })
  void shouldHoldTheLevelWhenASchemaChanges(
      String level, boolean removed, boolean withDefault, boolean without, boolean otherType) {
    setLevel(level);
    registered("a:int", "b:int");
    assertAccepted(removed, "a:int");
    assertAccepted(withDefault, "a:int", "b:int", "c:int=1");
    assertAccepted(without, "a:int", "b:int", "c:int");
    assertAccepted(otherType, "a:string", "b:int");
  }

  private void setLevel(String level) {
    Answer set = calls.put("/config/" + subject, "{\"compatibility\":\"" + level + "\"}");
    assertThat(set.body().path("compatibility").asText()).isEqualTo(level);
  }

  /** Asks first, then registers, then takes it back. */
  private void assertAccepted(boolean expected, String... fields) {
    Answer asked =
        calls.post("/compatibility" + versions() + "/latest", withSchema(record(fields)));
    assertThat(asked.body().path("is_compatible").asBoolean()).as("%s", asked).isEqualTo(expected);
    Answer answer = register(fields);
    if (!expected) {
      assertFault(answer, 409, 409);
      return;
    }
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(calls.delete(versions() + "/latest").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "BACKWARD, a:int, a:string=\"\", true",
    "BACKWARD_TRANSITIVE, a:int, a:string=\"\", false",
    "FORWARD, a:string=\"\", a:int, true",
    "FORWARD_TRANSITIVE, a:string=\"\", a:int, false"
  })
  void shouldLookAtAllVersionsWhenTheLevelIsTransitive(
      String level, String first, String third, boolean accepted) {
    setLevel(level);
    registered(first);
    registered();
    assertThat(register(third).status()).isEqualTo(accepted ? 200 : 409);
  }

  @Test
  void shouldKeepLevelsWhenConfigured() {
    assertThat(calls.get("/config").body().path("compatibilityLevel").asText()).isNotEmpty();
    registered("a:int");
    setLevel("FULL");
    assertThat(calls.get("/config/" + subject).body().path("compatibilityLevel").asText())
        .isEqualTo("FULL");
    assertFault(calls.put("/config/" + subject, "{\"compatibility\":\"SOME\"}"), 422, 42203);
    assertThat(calls.delete("/config/" + subject).status()).isEqualTo(200);
    assertThat(calls.get("/mode").body().path("mode").asText()).isEqualTo("READWRITE");
  }

  @Test
  void shouldKeepDataReadableWhenAVersionIsDeleted() {
    int first = registered("a:int");
    registered("a:int", "b:int=1");
    assertThat(calls.delete(versions() + "/1").body().asInt()).isEqualTo(1);
    assertThat(items(calls.get(versions()))).extracting(JsonNode::asInt).containsExactly(2);
    assertThat(items(calls.get(versions() + "?deleted=true")))
        .extracting(JsonNode::asInt)
        .containsExactly(1, 2);
    assertFault(calls.get(versions() + "/1"), 404, 40402);
    assertThat(calls.get("/schemas/ids/" + first).status()).isEqualTo(200);
    assertThat(calls.delete(versions() + "/1?permanent=true").status()).isEqualTo(200);
    assertThat(items(calls.get(versions() + "?deleted=true")))
        .extracting(JsonNode::asInt)
        .containsExactly(2);
  }

  @Test
  void shouldHideASubjectWhenItIsDeleted() {
    int id = registered("a:int");
    assertThat(items(calls.delete("/subjects/" + subject)))
        .extracting(JsonNode::asInt)
        .containsExactly(1);
    assertThat(items(calls.get("/subjects"))).extracting(JsonNode::asText).doesNotContain(subject);
    assertThat(items(calls.get("/subjects?deleted=true")))
        .extracting(JsonNode::asText)
        .contains(subject);
    assertFault(calls.get(versions()), 404, 40401);
    assertThat(calls.get("/schemas/ids/" + id).status()).isEqualTo(200);
    assertThat(calls.delete("/subjects/" + subject + "?permanent=true").status()).isEqualTo(200);
    assertThat(items(calls.get("/subjects?deleted=true")))
        .extracting(JsonNode::asText)
        .doesNotContain(subject);
  }

  @Test
  void shouldRefuseWhenDeletedForGoodBeforeDeleted() {
    registered("a:int");
    assertThat(calls.delete(versions() + "/1?permanent=true").errorCode()).isEqualTo(40407);
    assertThat(calls.delete("/subjects/" + subject + "?permanent=true").errorCode())
        .isEqualTo(40405);
    assertThat(items(calls.get(versions()))).hasSize(1);
  }

  @Test
  void shouldGiveTheIdBackWhenADeletedSchemaIsRegisteredAgain() {
    int id = registered("a:int");
    calls.delete("/subjects/" + subject);
    assertThat(registered("a:int")).isEqualTo(id);
  }

  @Test
  void shouldServeTheClientWhenItAsks() {
    Schema first = new Schema.Parser().parse(record("a:int"));
    Schema second = new Schema.Parser().parse(record("a:int", "b:int=1"));
    int id = client.register(subject, first);
    assertThat(client.idOf(subject, first)).isEqualTo(id);
    assertThat(client.schemaOf(id)).isEqualTo(first);
    int newer = client.register(subject, second);
    assertThat(client.latest(subject)).isEqualTo(new RegisteredSchema(subject, 2, newer, second));
    assertNotFound(() -> client.idOf(subject, new Schema.Parser().parse(record("z:int"))));
    assertNotFound(() -> client.schemaOf(NO_SUCH_ID));
    assertNotFound(() -> client.latest("no-" + subject));
  }

  private static void assertNotFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SchemaRegistryException.class,
            e -> {
              assertThat(e.notFound()).isTrue();
              assertThat(e.retriable()).isFalse();
            });
  }

  @Test
  void shouldTellTheClientWhenASchemaIsIncompatible() {
    registered("a:int");
    setLevel("BACKWARD");
    Schema incompatible = new Schema.Parser().parse(record("a:string"));
    assertThatThrownBy(() -> client.register(subject, incompatible))
        .isInstanceOfSatisfying(
            SchemaRegistryException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(409);
              assertThat(e.retriable()).isFalse();
            })
        .hasMessageContaining(subject);
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "colon:plus+and&", "ünï-世", "per%cent"})
  void shouldKeepSubjectsApartWhenTheirNamesAreUnusual(String name) {
    String unusual = subject + " " + name;
    Schema schema = new Schema.Parser().parse(record("a:int"));
    int id = client.register(unusual, schema);
    assertThat(client.latest(unusual).id()).isEqualTo(id);
    assertThat(items(calls.get("/subjects"))).extracting(JsonNode::asText).contains(unusual);
  }

  @Test
  void shouldCarryRecordsWhenSerdesUseIt() {
    Serde<ToolCall> serde = new AvroSerdes(client).forType(ToolCall.class);
    ToolCall call = new ToolCall("c", "name", "{}");
    byte[] frame = serde.serializer().serialize(subject, call);
    assertThat(serde.deserializer().deserialize(subject, frame)).isEqualTo(call);
    assertThat(client.latest(subject + "-value").schema()).isEqualTo(ToolCall.getClassSchema());
    frame[1] = 0x77;
    assertThatThrownBy(() -> serde.deserializer().deserialize(subject, frame))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("which the registry does not have");
  }
}
