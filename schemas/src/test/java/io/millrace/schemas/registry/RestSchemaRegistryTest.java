package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.registry.ScriptedServer.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a registry, and how often. */
class RestSchemaRegistryTest extends ScriptedRegistry {

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
}
