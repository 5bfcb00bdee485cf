package io.millrace.ingest;

import static io.millrace.ingest.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFaultsTest {

  private static final String CHAT = "/v1/chat/completions";

  private final HttpFixture http = new HttpFixture();

  @AfterEach
  void nothingWasPublished() {
    http.close();
    assertThat(http.published).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/v1/requests"})
  void shouldRefuseWhenTheBodyIsNoJson(String path) throws Exception {
    HttpResponse<String> response = http.post(path, "{\"model\": ");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(json(response).at("/error/message").asText()).contains("JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "7", "{}"})
  void shouldRefuseWhenTheBodyIsNoRequest(String body) throws Exception {
    HttpResponse<String> response = http.post(CHAT, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/code").asText()).isEqualTo("invalid_request");
  }

  @Test
  void shouldNameTheFieldWhenItIsWrong() throws Exception {
    HttpResponse<String> response =
        http.post(CHAT, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":7}]}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/param").asText()).isEqualTo("messages[0].content");
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/v1/requests"})
  void shouldRefuseWhenTheContentTypeIsWrong(String path) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(http.uri(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(Requests.chatBody("x"))));

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(json(response).at("/error/message").asText()).contains("application/json");
  }

  @Test
  void shouldRefuseWhenTheBodyIsTooLarge() throws Exception {
    HttpResponse<String> response = http.post(CHAT, Requests.chatBody("x".repeat(1024 * 1024)));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(json(response).at("/error/code").asText()).isEqualTo("request_too_large");
  }

  @Test
  void shouldRefuseWhenABodyOfUnknownLengthIsTooLarge() throws Exception {
    byte[] piece = "x".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
    Iterable<byte[]> pieces = () -> Stream.generate(() -> piece).limit(20).iterator();
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(http.uri(CHAT))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArrays(pieces)));

    assertThat(response.statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Millrace-Lane, fast, interactive",
    "X-Millrace-Deadline-Ms, soon, whole number",
    "X-Millrace-Deadline-Ms, 0, time-out",
    "X-Millrace-Deadline-Ms, 999999999999, time-out",
    "X-Millrace-Tenant, a/b, tenant",
    "Idempotency-Key, a b, request id",
    "X-Millrace-Fallbacks, nonsense, provider/model"
  })
  void shouldNameTheHeaderWhenItIsWrong(String header, String value, String message)
      throws Exception {
    HttpResponse<String> response = http.post(CHAT, Requests.chatBody("x"), header, value);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/message").asText()).contains(message);
  }

  @Test
  void shouldAnswerJsonWhenThePathIsUnknown() throws Exception {
    HttpResponse<String> response = http.get("/v2/nothing");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response).at("/error/message").asText())
        .contains("/v2/nothing", "/v1/embeddings");
  }

  @Test
  void shouldAnswerJsonWhenTheMethodIsWrong() throws Exception {
    HttpResponse<String> response = http.get(CHAT);

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(json(response).at("/error/message").asText()).contains("GET; it takes POST");
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void shouldEchoTheCallersIdWhenTheCallFails() throws Exception {
    HttpResponse<String> response = http.post(CHAT, "{", "X-Request-ID", "abc");

    assertThat(response.headers().firstValue("X-Request-ID")).contains("abc");
  }

  @Test
  void shouldCountRefusalsByCodeWhenRequestsAreRefused() throws Exception {
    http.post(CHAT, "{");
    http.post(CHAT, Requests.chatBody("x"), "X-Millrace-Tenant", "a/b");

    assertThat(
            http.meters
                .counter(IngestMeters.REQUESTS, "source", "http", "outcome", "invalid_request")
                .count())
        .isEqualTo(2);
  }
}
