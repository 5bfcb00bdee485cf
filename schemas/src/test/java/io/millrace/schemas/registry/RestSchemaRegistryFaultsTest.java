package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done when a registry fails, and what is said of it. */
class RestSchemaRegistryFaultsTest extends ScriptedRegistry {

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
  void shouldGiveUpWhenTheRegistryIsSlow() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    server.answers(200, BY_ID).answersAfter(never, 200, BY_ID);
    // The very first call of a process takes long enough to be given up before it is sent.
    assertThat(open(Map.of()).schemaOf(2)).isEqualTo(SCHEMA);
    RestSchemaRegistry registry = open(Map.of("http.read.timeout.ms", "1000", "max.retries", "1"));
    SchemaRegistryException fault = fault(() -> registry.schemaOf(1));
    assertThat(fault.errorCode()).isEqualTo(SchemaRegistryException.UNREACHABLE);
    assertThat(fault.retriable()).isTrue();
    // The server may see the second call a moment after that was given up.
    server.awaitRequests(3);
    assertThat(server.requests).hasSize(3);
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
  void shouldFailAtOnceWhenClosed() {
    RestSchemaRegistry registry = open(Map.of());
    registry.close();
    assertThatThrownBy(() -> registry.schemaOf(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThat(server.requests).isEmpty();
  }
}
