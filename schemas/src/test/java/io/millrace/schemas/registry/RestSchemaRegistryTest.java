package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.registry.ScriptedServer.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestSchemaRegistryTest {

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":\"int\"}]}");
  private static final String QUOTED = "\"" + SCHEMA.toString().replace("\"", "\\\"") + "\"";
  private static final String BY_ID = "{\"schema\":" + QUOTED + "}";
  private static final String ID_7 = "{\"id\":7}";
  private static final String UNREACHABLE_URL = "http://127.0.0.1:1";

  private final ScriptedServer server = new ScriptedServer();
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(server));
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void shouldPostTheSchemaOnceWhenRegisteringTwice() {
    server.answers(200, ID_7);
    RestSchemaRegistry registry = open(Map.of());
    assertThat(registry.register("a b/c:ä", SCHEMA)).isEqualTo(7);
    assertThat(registry.register("a b/c:ä", SCHEMA)).isEqualTo(7);
    assertThat(server.requests)
        .containsExactly(
            new Request(
                "POST",
                "/subjects/a%20b%2Fc%3A%C3%A4/versions",
                null,
                "{\"schema\":" + QUOTED + "}"));
  }

  @Test
  void shouldAskOnceWhenLookingUp() {
    server.answers(200, "{\"subject\":\"s\",\"id\":7,\"version\":2,\"schema\":" + QUOTED + "}");
    RestSchemaRegistry registry = open(Map.of());
    assertThat(registry.idOf("s", SCHEMA)).isEqualTo(7);
    assertThat(registry.idOf("s", SCHEMA)).isEqualTo(7);
    assertThat(registry.latest("s"))
        .isEqualTo(new SchemaRegistry.RegisteredSchema("s", 2, 7, SCHEMA));
    assertThat(server.requests)
        .extracting(Request::path)
        .containsExactly("/subjects/s", "/subjects/s/versions/latest");
  }

  @Test
  void shouldKeepThePathWhenTheUrlHasOne() {
    server.answers(200, BY_ID);
    RestSchemaRegistry registry =
        open(Map.of("schema.registry.url", server.url() + "/apis/ccompat/v7/"));
    assertThat(registry.schemaOf(3)).isEqualTo(SCHEMA);
    assertThat(server.requests)
        .extracting(Request::path)
        .containsExactly("/apis/ccompat/v7/schemas/ids/3");
  }

  @Test
  void shouldStayWithTheLivingWhenOneOfTwoIsDead() {
    server.answers(200, BY_ID);
    RestSchemaRegistry registry =
        open(
            Map.of(
                "schema.registry.url", UNREACHABLE_URL + "," + server.url(), "max.retries", "0"));
    assertThat(registry.schemaOf(1)).isEqualTo(SCHEMA);
    assertThat(registry.schemaOf(2)).isEqualTo(SCHEMA);
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void shouldAskTheNextWhenTheFirstFails() {
    ScriptedServer failing = new ScriptedServer().answers(503, "");
    opened.add(failing);
    server.answers(200, BY_ID);
    RestSchemaRegistry registry =
        open(
            Map.of("schema.registry.url", failing.url() + ", " + server.url(), "max.retries", "0"));
    assertThat(registry.schemaOf(1)).isEqualTo(SCHEMA);
    assertThat(registry.schemaOf(2)).isEqualTo(SCHEMA);
    assertThat(failing.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void shouldTryAgainWhenTheFaultMayPass(int status) {
    server.answers(status, "").answers(status, "<html>").answers(200, BY_ID);
    assertThat(open(Map.of()).schemaOf(1)).isEqualTo(SCHEMA);
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void shouldGiveUpWhenTheFaultDoesNotPass() {
    server.answers(500, "{\"error_code\":50001,\"message\":\"the store is down\"}");
    RestSchemaRegistry registry = open(Map.of("max.retries", "2"));
    SchemaRegistryException fault = fault(() -> registry.schemaOf(1));
    assertThat(fault.errorCode()).isEqualTo(50001);
    assertThat(fault.retriable()).isTrue();
    assertThat(fault)
        .hasMessageContainingAll(server.url() + "/schemas/ids/1", "50001", "the store is down");
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void shouldAskAgainWhenTheOutageIsOver() {
    server.answers(500, "").answers(200, BY_ID);
    RestSchemaRegistry registry = open(Map.of("max.retries", "0"));
    assertThat(fault(() -> registry.schemaOf(1)).retriable()).isTrue();
    assertThat(registry.schemaOf(1)).isEqualTo(SCHEMA);
  }

  @ParameterizedTest
  @CsvSource({"409, 409", "422, 42201", "400, 400", "403, 403", "301, 301"})
  void shouldNotTryAgainWhenRefused(int status, int errorCode) {
    server.answers(status, "{\"error_code\":" + errorCode + ",\"message\":\"because\"}");
    SchemaRegistryException fault = fault(() -> open(Map.of()).register("s", SCHEMA));
    assertThat(fault.errorCode()).isEqualTo(errorCode);
    assertThat(fault.retriable()).isFalse();
    assertThat(fault).hasMessageContaining("because");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void shouldSayWhichKeysWhenNotAuthenticatedAndNeverTheSecret() {
    server.answers(401, "{\"error_code\":40101,\"message\":\"who?\"}");
    SchemaRegistryException fault =
        fault(
            () ->
                open(Map.of("schema.registry.url", "http://mallory:s3cret@" + server.hostAndPort()))
                    .schemaOf(1));
    assertThat(fault.errorCode()).isEqualTo(401);
    assertThat(fault.retriable()).isFalse();
    assertThat(fault).hasMessageContaining("check basic.auth.user.info");
    assertThat(fault).hasStackTraceContaining(server.url());
    assertThat(allMessages(fault)).doesNotContain("s3cret").doesNotContain("mallory");
  }

  @Test
  void shouldHideTheUserInfoWhenUnreachable() {
    SchemaRegistryException fault =
        fault(
            () ->
                open(Map.of(
                        "schema.registry.url",
                        "http://mallory:s3cret@127.0.0.1:1",
                        "max.retries",
                        "0"))
                    .schemaOf(1));
    assertThat(fault.errorCode()).isEqualTo(SchemaRegistryException.UNREACHABLE);
    assertThat(fault)
        .hasMessageContaining("cannot reach the schema registry at " + UNREACHABLE_URL);
    assertThat(allMessages(fault)).doesNotContain("s3cret").doesNotContain("mallory");
  }

  @Test
  void shouldGiveUpWhenTheRegistryIsSlow() {
    CountDownLatch never = new CountDownLatch(1);
    server.answersAfter(never, 200, BY_ID);
    RestSchemaRegistry registry = open(Map.of("http.read.timeout.ms", "100", "max.retries", "1"));
    SchemaRegistryException fault = fault(() -> registry.schemaOf(1));
    assertThat(fault.errorCode()).isEqualTo(SchemaRegistryException.UNREACHABLE);
    assertThat(fault.retriable()).isTrue();
    assertThat(server.requests).hasSize(2);
    never.countDown();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>Welcome</html>", "[]", "7", "", "{", "null"})
  void shouldSaySoWhenTheAnswerIsNoRegistrys(String body) {
    server.answers(200, body);
    SchemaRegistryException fault =
        fault(() -> open(Map.of("max.retries", "1")).register("s", SCHEMA));
    assertThat(fault.errorCode()).isEqualTo(SchemaRegistryException.INVALID_ANSWER);
    assertThat(fault.retriable()).isTrue();
    assertThat(fault).hasMessageContaining("is this the address of a schema registry?");
    assertThat(server.requests).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"id\":\"7\"}", "{\"id\":null}", "{\"id\":1.5}"})
  void shouldSaySoWhenTheAnswerHasNoId(String body) {
    server.answers(200, body);
    assertThat(fault(() -> open(Map.of()).register("s", SCHEMA)).errorCode())
        .isEqualTo(SchemaRegistryException.INVALID_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}",
        "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message A {}\"}",
        "{\"schema\":\"{\"}",
        "{\"schema\":\"{\\\"type\\\":\\\"nothing\\\"}\"}"
      })
  void shouldNotCallItAnOutageWhenTheSchemaIsNotAvro(String body) {
    server.answers(200, body);
    RestSchemaRegistry registry = open(Map.of());
    SchemaRegistryException fault = fault(() -> registry.schemaOf(1));
    assertThat(fault.errorCode()).isEqualTo(SchemaRegistryException.NOT_AVRO);
    assertThat(fault.retriable()).isFalse();
    assertThat(fault(() -> registry.schemaOf(1)).errorCode()).isEqualTo(fault.errorCode());
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void shouldHangUpWhenTheAnswerIsEndless() {
    server.answers(200, " ".repeat((16 << 20) + 1));
    SchemaRegistryException fault = fault(() -> open(Map.of("max.retries", "0")).schemaOf(1));
    assertThat(fault).hasMessageContaining("longer than 16777216 bytes");
  }

  @Test
  void shouldAskAgainOnlyLaterWhenTheIdIsUnknown() {
    server
        .answers(404, "{\"error_code\":40403,\"message\":\"Schema 9 not found\"}")
        .answers(200, BY_ID);
    RestSchemaRegistry registry = open(Map.of("missing.id.cache.ttl.sec", "10"));
    for (int i = 0; i < 100; i++) {
      SchemaRegistryException fault = fault(() -> registry.schemaOf(9));
      assertThat(fault.notFound()).isTrue();
      assertThat(fault.retriable()).isFalse();
    }
    assertThat(server.requests).hasSize(1);
    nanos.addAndGet(Duration.ofSeconds(11).toNanos());
    assertThat(registry.schemaOf(9)).isEqualTo(SCHEMA);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void shouldNotAskWhenTheIdCannotBe(int id) {
    assertThat(fault(() -> open(Map.of()).schemaOf(id)).notFound()).isTrue();
    assertThat(server.requests).isEmpty();
  }

  @Test
  void shouldAskForTheNewestAgainWhenTheAnswerIsOld() {
    server
        .answers(200, "{\"id\":7,\"version\":1,\"schema\":" + QUOTED + "}")
        .answers(200, "{\"id\":8,\"version\":2,\"schema\":" + QUOTED + "}");
    RestSchemaRegistry registry = open(Map.of("latest.cache.ttl.sec", "60"));
    assertThat(registry.latest("s").id()).isEqualTo(7);
    assertThat(registry.latest("s").id()).isEqualTo(7);
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(registry.latest("s").id()).isEqualTo(8);
  }

  @Test
  void shouldAskOnceWhenManyMissTogether() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    server.answersAfter(hold, 200, BY_ID);
    RestSchemaRegistry registry = open(Map.of());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Schema>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(threads.submit(() -> registry.schemaOf(1)));
      }
      hold.countDown();
      for (Future<Schema> answer : answers) {
        assertThat(answer.get()).isEqualTo(SCHEMA);
      }
    }
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void shouldResolveReferencesWhenTheSchemaHasSome() {
    server
        .answers(
            200,
            """
            {"schema":"{\\"type\\":\\"record\\",\\"name\\":\\"Outer\\",\\"fields\\":[{\\"name\\":\\"r\\",\\"type\\":\\"R\\"}]}",
             "references":[{"name":"R","subject":"inner","version":3}]}
            """)
        .answers(200, "{\"subject\":\"inner\",\"version\":3,\"id\":1,\"schema\":" + QUOTED + "}");
    Schema outer = open(Map.of()).schemaOf(2);
    assertThat(outer.getField("r").schema()).isEqualTo(SCHEMA);
    assertThat(server.requests)
        .extracting(Request::path)
        .containsExactly("/schemas/ids/2", "/subjects/inner/versions/3");
  }

  @Test
  void shouldSendWhoAsksWhenConfigured() {
    server.answers(200, BY_ID);
    String basic = "Basic bWFsbG9yeTpzM2NyZXQ=";
    Map<String, Map<String, String>> cases =
        Map.of(
            "url", Map.of("schema.registry.url", "http://mallory:s3cret@" + server.hostAndPort()),
            "user info",
                Map.of(
                    "basic.auth.credentials.source", "USER_INFO",
                    "basic.auth.user.info", "mallory:s3cret"),
            "prefixed",
                Map.of(
                    "schema.registry.basic.auth.credentials.source", "USER_INFO",
                    "schema.registry.basic.auth.user.info", "mallory:s3cret"),
            "inherited",
                Map.of(
                    "basic.auth.credentials.source",
                    "SASL_INHERIT",
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"mallory\" password=\"s3cret\";"));
    cases.forEach(
        (name, config) -> {
          server.requests.clear();
          assertThat(open(config).schemaOf(1)).isEqualTo(SCHEMA);
          assertThat(server.requests.getFirst().authorization()).as(name).isEqualTo(basic);
        });
    server.requests.clear();
    open(Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0ken"))
        .schemaOf(1);
    assertThat(server.requests.getFirst().authorization()).isEqualTo("Bearer t0ken");
  }

  @Test
  void shouldFailAtOnceWhenClosed() {
    RestSchemaRegistry registry = open(Map.of());
    registry.close();
    assertThatThrownBy(() -> registry.schemaOf(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThat(server.requests).isEmpty();
  }

  private RestSchemaRegistry open(Map<String, String> config) {
    Map<String, String> all = new HashMap<>();
    all.put("schema.registry.url", server.url());
    all.put("retries.wait.ms", "1");
    all.put("retries.max.wait.ms", "2");
    all.putAll(config);
    var registry = new RestSchemaRegistry(RegistrySettings.of(all), nanos::get);
    opened.add(registry);
    return registry;
  }

  private static SchemaRegistryException fault(ThrowingCallable call) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
        SchemaRegistryException.class, call);
  }

  private static String allMessages(Throwable fault) {
    var text = new java.io.StringWriter();
    fault.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }
}
