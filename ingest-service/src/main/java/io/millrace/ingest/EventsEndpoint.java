package io.millrace.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.millrace.ingest.RequestState.Open;
import io.millrace.ingest.RequestState.Settled;
import io.millrace.ingest.access.Identity.Known;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.AttemptSummary;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.history.HistoryMark;
import io.millrace.schemas.history.HistoryQuery;
import io.millrace.schemas.history.RequestHistory;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/requests/{id}/events}: what happened to a request of the caller's tenant and what
 * happens to it, as server-sent events, until its result. Any instance tells of any request: it
 * reads the topics that say so, with one consumer for each reader.
 */
final class EventsEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(EventsEndpoint.class);
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final int NO_CONTENT = 204;

  private final Intake intake;
  private final Function<HistoryQuery, RequestHistory> histories;
  private final String defaultTenant;
  private final EventsSettings settings;
  private final Followers followers;
  private final IngestMeters meters;
  private final InstantSource clock;

  /**
   * An endpoint.
   *
   * @param histories opens a history, or throws a {@link KafkaException}
   */
  EventsEndpoint(
      Intake intake,
      Function<HistoryQuery, RequestHistory> histories,
      String defaultTenant,
      EventsSettings settings,
      IngestMeters meters,
      InstantSource clock) {
    this.intake = intake;
    this.histories = histories;
    this.defaultTenant = defaultTenant;
    this.settings = settings;
    this.followers = new Followers(settings.maxReaders(), settings.maxReadersOfTenant());
    this.meters = meters;
    this.clock = clock;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/v1/requests/{id}/events", this::get);
  }

  private void get(Context call) throws RefusedException {
    String requestId = Admission.requestId(call.pathParam("id"));
    String tenant = HttpGate.tenantOf(call, defaultTenant);
    Answers.identity(call, requestId);
    RequestState state = intake.state(tenant, requestId);
    String last = Objects.requireNonNullElse(call.header(LAST_EVENT_ID), "");
    switch (state) {
      case RequestState.Unknown unknown ->
          throw new RefusedException(HttpErrors.noRequest(requestId));
      // Browsers connect again after every end; this tells them not to.
      case RequestState known when last.equals(EventRelay.END) -> call.status(NO_CONTENT);
      case Open open -> follow(call, open, past(tenant, requestId, open), last);
      case Settled(CompletionResult result) ->
          follow(call, state, past(tenant, requestId, result), last);
    }
  }

  private HistoryQuery past(String tenant, String requestId, Open open) {
    long earliest = clock.millis() - settings.lookBack().toMillis();
    long from = Math.max(open.acceptedAtMillis() - settings.margin().toMillis(), earliest);
    return HistoryQuery.since(tenant, requestId, from, settings.maxRecords());
  }

  private HistoryQuery past(String tenant, String requestId, CompletionResult result) {
    long margin = settings.margin().toMillis();
    return HistoryQuery.since(
            tenant, requestId, result.getAcceptedAtMillis() - margin, settings.maxRecords())
        .until(
            result.getFinishedAtMillis() + margin,
            result.getAttempts().stream()
                .map(AttemptSummary::getProvider)
                .collect(Collectors.toSet()));
  }

  private void follow(Context call, RequestState state, HistoryQuery query, String last)
      throws RefusedException {
    Optional<PipelineError> refusal = followers.enter(query.tenant());
    if (refusal.isPresent()) {
      meters.followed("refused", Duration.ZERO);
      throw new RefusedException(refusal.get());
    }
    long from = clock.millis();
    String outcome = "failed";
    try {
      outcome = relay(call, state, query.after(HistoryMark.parse(last)));
    } finally {
      followers.leave(query.tenant());
      meters.followed(outcome, Duration.ofMillis(Math.max(0, clock.millis() - from)));
    }
  }

  private String relay(Context call, RequestState state, HistoryQuery query)
      throws RefusedException {
    boolean begun = false;
    boolean allModels = HttpGate.sender(call).map(Known::models).orElse(Set.of()).isEmpty();
    try (RequestHistory history = histories.apply(query);
        SseWriter out = new SseWriter(call, settings.writeTimeout())) {
      begun = true;
      return new EventRelay(query.requestId(), history, out, intake::draining, settings, allModels)
          .run(state);
    } catch (IOException e) {
      LOG.debug("who followed request {} is gone: {}", query.requestId(), e.toString());
      return "gone";
    } catch (KafkaException e) {
      LOG.warn("cannot read the events of request {}: {}", query.requestId(), e.toString());
      if (begun) {
        return "failed";
      }
      throw new RefusedException(HttpErrors.unavailable("events cannot be read right now"));
    }
  }
}
