package io.millrace.ingest;

import static io.millrace.ingest.HttpFixture.QUEUED;
import static io.millrace.ingest.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HeaderEntry;
import io.millrace.schemas.avro.Lane;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatEndpointTest {

  private static final String PATH = "/v1/chat/completions";

  private HttpFixture http = new HttpFixture();

  @AfterEach
  void close() {
    http.close();
  }

  private void restart(HttpSettings settings) {
    http.close();
    http = new HttpFixture(IngestConfig.defaults().withHttp(settings), new SimpleMeterRegistry());
    http.pipeline = exchange -> QUEUED;
  }

  @Test
  void shouldAnswerTheCompletionWhenTheCallerWaits() throws Exception {
    HttpResponse<String> response = http.post(PATH, Requests.chatBody("hello"));

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = json(response);
    assertThat(body.at("/object").asText()).isEqualTo("chat.completion");
    assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("hello");
    Exchange exchange = http.published.getFirst();
    assertThat(exchange.getLane()).isEqualTo(Lane.INTERACTIVE);
    assertThat(exchange.getTenant()).isEqualTo("default");
    assertThat(response.headers().firstValue("X-Request-ID")).contains(exchange.getRequestId());
    assertThat(response.headers().firstValue("X-Millrace-Request-ID"))
        .contains(exchange.getRequestId());
    await().until(() -> http.waiters.size() == 0);
    assertThat(
            http.meters
                .counter(IngestMeters.REQUESTS, "source", "http", "outcome", "accepted")
                .count())
        .isEqualTo(1);
  }

  @Test
  void shouldHonourTheHeadersWhenTheyAreGiven() throws Exception {
    String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    String[] headers = {
      "Idempotency-Key", "key-1",
      "X-Request-ID", "trace 7",
      "X-Millrace-Tenant", "acme",
      "X-Millrace-Lane", "batch",
      "X-Millrace-Deadline-Ms", "60000",
      "X-Millrace-Fallbacks", "a/b, c/d",
      "traceparent", traceparent
    };

    HttpResponse<String> response = http.post(PATH, Requests.chatBody("hello"), headers);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("X-Request-ID")).contains("trace 7");
    assertThat(response.headers().firstValue("X-Millrace-Request-ID")).contains("key-1");
    Exchange exchange = http.published.getFirst();
    assertThat(exchange.getExchangeId()).isEqualTo("acme/key-1");
    assertThat(exchange.getLane()).isEqualTo(Lane.BATCH);
    assertThat(exchange.getDeadlineMillis() - exchange.getAcceptedAtMillis()).isEqualTo(60_000);
    assertThat(exchange.getRequest().getFallbacks()).containsExactly("a/b", "c/d");
    assertThat(exchange.getHeaders())
        .extracting(HeaderEntry::getKey)
        .containsExactly("X-Request-ID", "traceparent");
    assertThat(exchange.getHeaders().getLast().getValue())
        .isEqualTo(ByteBuffer.wrap(traceparent.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void shouldAnswerTheErrorWithItsStatusWhenThePipelineFails() throws Exception {
    http.pipeline =
        exchange -> {
          http.waiters.deliver(Requests.failed(exchange, "rate_limited", 429));
          return QUEUED;
        };

    HttpResponse<String> response = http.post(PATH, Requests.chatBody("hello"));

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).contains("2");
    assertThat(json(response).at("/error/message").asText()).isEqualTo("it broke");
    assertThat(json(response).at("/error/code").asText()).isEqualTo("rate_limited");
  }

  @Test
  void shouldSayNotInTimeWhenNoResultComes() throws Exception {
    restart(HttpSettings.defaults().withTimes(Duration.ofMillis(50), Duration.ZERO));

    HttpResponse<String> response =
        http.post(PATH, Requests.chatBody("hello"), "X-Millrace-Deadline-Ms", "100");

    String id = http.published.getFirst().getRequestId();
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(json(response).at("/error/code").asText()).isEqualTo("deadline_exceeded");
    assertThat(json(response).at("/error/message").asText()).contains("GET /v1/requests/" + id);
    assertThat(response.headers().firstValue("X-Millrace-Request-ID")).contains(id);
    await().until(() -> http.waiters.size() == 0);
  }

  @Test
  void shouldLookTheResultUpWhenItNeverCameBy() throws Exception {
    restart(HttpSettings.defaults().withTimes(Duration.ofMillis(50), Duration.ZERO));
    http.pipeline =
        exchange -> {
          http.knows(Requests.echo(exchange));
          return QUEUED;
        };

    HttpResponse<String> response =
        http.post(PATH, Requests.chatBody("found"), "X-Millrace-Deadline-Ms", "100");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/choices/0/message/content").asText()).isEqualTo("found");
  }

  @Test
  void shouldAnswerFromTheResultsWhenTheKeyWasUsedBefore() throws Exception {
    http.post(PATH, Requests.chatBody("first"), "Idempotency-Key", "k");
    http.knows(Requests.echo(http.published.getFirst()));

    HttpResponse<String> again =
        http.post(PATH, Requests.chatBody("second"), "Idempotency-Key", "k");

    assertThat(json(again).at("/choices/0/message/content").asText()).isEqualTo("first");
    assertThat(http.published).hasSize(1);
  }

  @Test
  void shouldGiveBothTheSameResultWhenTheKeyIsInUse() {
    http.pipeline = exchange -> QUEUED;
    var first = sendAsync("k");
    await().until(() -> http.published.size() == 1);
    Exchange exchange = http.published.getFirst();
    http.known.put("default/k", new LookupResult.InProgress(exchange.getAcceptedAtMillis()));
    var second = sendAsync("k");
    await().until(() -> http.waiters.size() == 2);

    http.waiters.deliver(Requests.echo(exchange));

    assertThat(first.join().body()).isEqualTo(second.join().body()).contains("chat.completion");
    assertThat(http.published).hasSize(1);
  }

  @Test
  void shouldFindTheResultWhenItPassedBeforeTheSecondCallerCame() {
    http.known.put("default/k", new LookupResult.InProgress(1));
    var second = sendAsync("k");
    await().until(() -> http.waiters.size() == 1);

    http.knows(Requests.echo(Requests.exchange("default", "k")));

    assertThat(second.join().statusCode()).isEqualTo(200);
    assertThat(http.published).isEmpty();
  }

  @Test
  void shouldKeepTenantsApartWhenTheirIdsAreTheSame() {
    http.pipeline = exchange -> QUEUED;
    var mine = sendAsync("same", "X-Millrace-Tenant", "mine");
    var other = sendAsync("same", "X-Millrace-Tenant", "other");
    await().until(() -> http.published.size() == 2);

    for (Exchange exchange : http.published) {
      exchange
          .getRequest()
          .setMessages(List.of(Requests.message("user", "for " + exchange.getTenant())));
      http.waiters.deliver(Requests.echo(exchange));
    }

    assertThat(mine.join().body()).contains("for mine");
    assertThat(other.join().body()).contains("for other");
  }

  @Test
  void shouldRefuseWhenTooManyWait() throws Exception {
    restart(HttpSettings.defaults().withMaxWaiters(1));
    var first = sendAsync("k1");
    await().until(() -> http.published.size() == 1);

    HttpResponse<String> refused = http.post(PATH, Requests.chatBody("x"));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(json(refused).at("/error/code").asText()).isEqualTo("queue_full");
    http.waiters.deliver(Requests.echo(http.published.getFirst()));
    assertThat(first.join().statusCode()).isEqualTo(200);
    await().until(() -> http.waiters.size() == 0);
  }

  @Test
  void shouldSayUnavailableWhenPublishingFails() throws Exception {
    http.pipeline = exchange -> CompletableFuture.failedFuture(new TimeoutException("no broker"));

    HttpResponse<String> response = http.post(PATH, Requests.chatBody("x"));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(json(response).at("/error/code").asText()).isEqualTo("unavailable");
    await().until(() -> http.waiters.size() == 0);
  }

  @Test
  void shouldKnowTheRequestWhenItsResultIsHereBeforeTheBrokersReceipt() throws Exception {
    http.pipeline =
        exchange -> {
          http.waiters.deliver(Requests.echo(exchange));
          return new CompletableFuture<>();
        };

    HttpResponse<String> response = http.post(PATH, Requests.chatBody("x"), "Idempotency-Key", "k");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(http.get("/v1/requests/k")).at("/status").asText()).isEqualTo("queued");
  }

  @Test
  void shouldForgetTheRequestWhenPublishingFails() throws Exception {
    http.pipeline = exchange -> CompletableFuture.failedFuture(new TimeoutException("no broker"));

    http.post(PATH, Requests.chatBody("x"), "Idempotency-Key", "k");

    assertThat(http.get("/v1/requests/k").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldAnswerAtOnceWhenTheCallerPrefersThat() throws Exception {
    http.pipeline = exchange -> QUEUED;

    HttpResponse<String> response =
        http.post(PATH, Requests.chatBody("x"), "Prefer", "respond-async, wait=10");

    String id = http.published.getFirst().getRequestId();
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.headers().firstValue("Location")).contains("/v1/requests/" + id);
    assertThat(response.headers().firstValue("Preference-Applied")).contains("respond-async");
    assertThat(json(response).at("/status").asText()).isEqualTo("queued");
    assertThat(http.published.getFirst().getLane()).isEqualTo(Lane.STANDARD);
  }

  @Test
  void shouldKeepTheExchangeRunningWhenTheCallerGoesAway() throws Exception {
    http.pipeline = exchange -> QUEUED;
    var call = sendAsync("k");
    await().until(() -> http.published.size() == 1);

    call.cancel(true);
    Exchange exchange = http.published.getFirst();
    http.knows(Requests.echo(exchange));
    http.waiters.deliver(Requests.echo(exchange));

    await().until(() -> http.waiters.size() == 0);
    assertThat(http.get("/v1/requests/k").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldRefuseWhenTheInstanceDrains() throws Exception {
    http.intake.drain();

    HttpResponse<String> response = http.post(PATH, Requests.chatBody("x"));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(json(response).at("/error/message").asText()).contains("shutting down");
  }

  private CompletableFuture<HttpResponse<String>> sendAsync(String key, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(http.uri(PATH))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(Requests.chatBody("x")));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.client.sendAsync(request.build(), BodyHandlers.ofString());
  }
}
