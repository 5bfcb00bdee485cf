package io.millrace.ingest;

import static io.millrace.ingest.HttpFixture.QUEUED;
import static io.millrace.ingest.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.Exchange;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestsEndpointTest {

  private static final String PATH = "/v1/requests";

  private final HttpFixture http = new HttpFixture();

  @BeforeEach
  void queue() {
    http.pipeline = exchange -> QUEUED;
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void shouldTellTheStateFromQueuedToCompletedWhenAsked() throws Exception {
    HttpResponse<String> posted = http.post(PATH, Requests.chatBody("hello"));
    String location = posted.headers().firstValue("Location").orElseThrow();
    Exchange exchange = http.published.getFirst();

    assertThat(posted.statusCode()).isEqualTo(202);
    assertThat(json(posted).at("/id").asText()).isEqualTo(exchange.getRequestId());
    assertThat(location).isEqualTo(PATH + "/" + exchange.getRequestId());
    assertThat(json(http.get(location)).at("/status").asText()).isEqualTo("queued");

    http.known.put(exchange.getExchangeId(), new LookupResult.InProgress(42));
    JsonNode open = json(http.get(location));
    assertThat(open.at("/status").asText()).isEqualTo("in_progress");
    assertThat(open.at("/accepted_at_ms").asLong()).isEqualTo(42);

    http.knows(Requests.echo(exchange));
    JsonNode settled = json(http.get(location));
    assertThat(settled.at("/status").asText()).isEqualTo("completed");
    assertThat(settled.at("/response/choices/0/message/content").asText()).isEqualTo("hello");
    assertThat(settled.at("/provider").asText()).isEqualTo("sim");
    assertThat(settled.at("/lane").asText()).isEqualTo("standard");
  }

  @Test
  void shouldAnswer200WhenTheRequestFailed() throws Exception {
    http.knows(Requests.failed(Requests.exchange("default", "k"), "upstream_error", 502));

    HttpResponse<String> response = http.get(PATH + "/k");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/status").asText()).isEqualTo("failed");
    assertThat(json(response).at("/error/code").asText()).isEqualTo("upstream_error");
  }

  @Test
  void shouldNotRunItAgainWhenTheKeyIsKnown() throws Exception {
    http.post(PATH, Requests.chatBody("hello"), "Idempotency-Key", "k");

    HttpResponse<String> again =
        http.post(PATH, Requests.chatBody("hello"), "Idempotency-Key", "k");

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(json(again).at("/status").asText()).isEqualTo("queued");
    assertThat(http.published).hasSize(1);
  }

  @Test
  void shouldRunItWhenTheFirstTryWasNotPublished() throws Exception {
    http.pipeline = exchange -> CompletableFuture.failedFuture(new TimeoutException("no broker"));
    HttpResponse<String> first =
        http.post(PATH, Requests.chatBody("hello"), "Idempotency-Key", "k");
    queue();

    HttpResponse<String> second =
        http.post(PATH, Requests.chatBody("hello"), "Idempotency-Key", "k");

    assertThat(first.statusCode()).isEqualTo(503);
    assertThat(second.statusCode()).isEqualTo(202);
    assertThat(http.published).hasSize(2);
  }

  @Test
  void shouldSayNotFoundWhenNobodyKnowsTheId() throws Exception {
    HttpResponse<String> response = http.get(PATH + "/nobody");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response).at("/error/message").asText()).contains("nobody");
  }

  @Test
  void shouldNotTellAnotherTenantWhenTheIdIsTheirs() throws Exception {
    http.post(PATH, Requests.chatBody("x"), "Idempotency-Key", "k", "X-Millrace-Tenant", "acme");

    assertThat(http.get(PATH + "/k").statusCode()).isEqualTo(404);
    assertThat(http.get(PATH + "/k", "X-Millrace-Tenant", "acme").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldSayTryAgainWhenTheHolderCannotBeAsked() throws Exception {
    http.known.put("default/k", new LookupResult.Unavailable("a rebalance is under way"));

    HttpResponse<String> response = http.get(PATH + "/k");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(json(response).at("/error/message").asText()).contains("rebalance");
  }

  @Test
  void shouldRefuseWhenTheIdIsNone() throws Exception {
    assertThat(http.get(PATH + "/a%20b").statusCode()).isEqualTo(400);
  }
}
