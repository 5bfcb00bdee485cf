package io.millrace.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.stream.Stream;

/** For operators: {@code /healthz}, {@code /readyz} and {@code /metrics}. */
final class OperationsEndpoint {

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Vitals vitals;
  private final Optional<PrometheusMeterRegistry> prometheus;

  OperationsEndpoint(Vitals vitals, MeterRegistry meters) {
    this.vitals = vitals;
    this.prometheus = prometheusIn(meters).findFirst();
  }

  void addTo(RoutesConfig routes) {
    routes.get("/healthz", this::health);
    routes.get("/readyz", this::readiness);
    routes.get("/metrics", this::metrics);
  }

  private void health(Context call) {
    Optional<Throwable> failure = vitals.failure();
    if (failure.isPresent()) {
      Answers.json(
          call,
          503,
          Answers.object()
              .put("status", "failed")
              .put("reason", failure.get().getClass().getSimpleName()));
    } else {
      Answers.json(call, 200, Answers.object().put("status", "ok"));
    }
  }

  private void readiness(Context call) {
    boolean ready = vitals.ready();
    Answers.json(
        call, ready ? 200 : 503, Answers.object().put("status", ready ? "ready" : "not ready"));
  }

  private void metrics(Context call) throws RefusedException {
    PrometheusMeterRegistry registry =
        prometheus.orElseThrow(
            () ->
                new RefusedException(
                    HttpErrors.notFound("metrics for Prometheus are not switched on")));
    call.contentType(PROMETHEUS_TEXT).result(registry.scrape(PROMETHEUS_TEXT));
  }

  private static Stream<PrometheusMeterRegistry> prometheusIn(MeterRegistry meters) {
    return switch (meters) {
      case PrometheusMeterRegistry registry -> Stream.of(registry);
      case CompositeMeterRegistry composite ->
          composite.getRegistries().stream().flatMap(OperationsEndpoint::prometheusIn);
      default -> Stream.empty();
    };
  }
}
