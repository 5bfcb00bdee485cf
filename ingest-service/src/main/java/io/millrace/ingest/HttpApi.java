package io.millrace.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Puts the HTTP interface together: every endpoint there is. */
final class HttpApi {

  private HttpApi() {}

  /** Starts to take calls. */
  static HttpServer start(
      IngestConfig config,
      KnownModels known,
      HttpGate gate,
      Intake intake,
      ResultWait wait,
      StreamAnswer streams,
      EventsEndpoint events,
      PeerEndpoint peers,
      Vitals vitals,
      MeterRegistry meters) {
    AdmissionLimits limits = config.admission();
    HttpSubmission submissions = new HttpSubmission(RequestIds.inOrderOfTime());
    RequestsEndpoint requests = new RequestsEndpoint(submissions, intake, limits);
    ChatEndpoint chat =
        new ChatEndpoint(submissions, intake, wait, streams, requests, limits.maxRequestBytes());
    ModelsEndpoint models = new ModelsEndpoint(known);
    OperationsEndpoint operations = new OperationsEndpoint(vitals, meters);
    Duration longestCall = limits.maxTimeout().plus(config.http().waitGrace());
    return HttpServer.start(
        config.http(),
        longestCall,
        routes -> {
          gate.addTo(routes);
          chat.addTo(routes);
          requests.addTo(routes);
          events.addTo(routes);
          models.addTo(routes);
          operations.addTo(routes);
          peers.addTo(routes);
        });
  }
}
