package io.millrace.ingest;

import static io.millrace.ingest.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelsAndOperationsTest {

  private final CompositeMeterRegistry meters = withPrometheus();
  private final HttpFixture http =
      new HttpFixture(
          IngestConfig.defaults()
              .withModels(
                  List.of(new ModelInfo("sim/echo", "sim"), new ModelInfo("hf/org/model", "hf"))),
          meters);

  private static CompositeMeterRegistry withPrometheus() {
    CompositeMeterRegistry composite = new CompositeMeterRegistry();
    composite.add(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    return composite;
  }

  @AfterEach
  void close() {
    http.close();
    meters.close();
  }

  @Test
  void shouldListTheModelsWhenAsked() throws Exception {
    HttpResponse<String> response = http.get("/v1/models");

    assertThat(json(response).at("/object").asText()).isEqualTo("list");
    assertThat(json(response).at("/data").findValuesAsText("id"))
        .containsExactly("sim/echo", "hf/org/model");
  }

  @Test
  void shouldFindAModelWhenItsNameHasSlashes() throws Exception {
    assertThat(json(http.get("/v1/models/hf/org/model")).at("/owned_by").asText()).isEqualTo("hf");
  }

  @Test
  void shouldFindAModelWhenItsSlashIsEncoded() throws Exception {
    assertThat(json(http.get("/v1/models/sim%2Fecho")).at("/id").asText()).isEqualTo("sim/echo");
  }

  @Test
  void shouldSayNotFoundWhenThereIsNoSuchModel() throws Exception {
    HttpResponse<String> response = http.get("/v1/models/sim/other");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response).at("/error/code").asText()).isEqualTo("model_not_found");
  }

  @Test
  void shouldTellHealthAndReadinessWhenTheyChange() throws Exception {
    assertThat(http.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(http.get("/readyz").statusCode()).isEqualTo(200);

    http.ready = false;
    http.failure = Optional.of(new IllegalStateException("secret detail"));

    assertThat(http.get("/readyz").statusCode()).isEqualTo(503);
    assertThat(http.get("/healthz").statusCode()).isEqualTo(503);
    assertThat(http.get("/healthz").body()).doesNotContain("secret");
  }

  @Test
  void shouldServeMetricsWhenThereIsAPrometheusRegistry() throws Exception {
    http.post("/v1/chat/completions", Requests.chatBody("x"));

    HttpResponse<String> response = http.get("/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain");
    assertThat(response.body())
        .contains("millrace_ingest_requests_total{outcome=\"accepted\",source=\"http\"} 1.0");
  }

  @Test
  void shouldExplainWhenThereIsNoPrometheusRegistry() throws Exception {
    try (HttpFixture bare = new HttpFixture()) {
      HttpResponse<String> response = bare.get("/metrics");

      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.body()).contains("Prometheus");
    }
  }
}
