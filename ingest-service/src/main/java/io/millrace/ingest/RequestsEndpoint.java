package io.millrace.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import java.io.IOException;

/** The asynchronous interface: {@code POST /v1/requests} and {@code GET /v1/requests/{id}}. */
final class RequestsEndpoint {

  private static final int ACCEPTED = 202;

  private final HttpSubmission submissions;
  private final Intake intake;
  private final AdmissionLimits limits;

  RequestsEndpoint(HttpSubmission submissions, Intake intake, AdmissionLimits limits) {
    this.submissions = submissions;
    this.intake = intake;
    this.limits = limits;
  }

  void addTo(RoutesConfig routes) {
    routes.post("/v1/requests", call -> submit(call, false, RequestBody::readEvent));
    routes.get("/v1/requests/{id}", this::get);
  }

  /** Publishes the request of a call and answers 202 at once; a known id answers its state. */
  void submit(Context call, boolean asPreferred, BodyReader reader)
      throws RefusedException, IOException, InterruptedException {
    Exchange exchange = admit(call, reader);
    String requestId = exchange.getRequestId();
    Answers.identity(call, requestId);
    RequestState state =
        call.header(HttpSubmission.IDEMPOTENCY_KEY) == null
            ? new RequestState.Unknown()
            : intake.stateIfKnown(exchange.getTenant(), requestId);
    if (state instanceof RequestState.Unknown) {
      intake.publishAndWait(exchange);
      state = new RequestState.Open("queued", exchange.getAcceptedAtMillis());
    }
    call.header("Location", Answers.REQUESTS_PATH + requestId);
    if (asPreferred) {
      call.header("Preference-Applied", "respond-async");
    }
    answer(call, ACCEPTED, requestId, state);
  }

  /** Makes a request of a body. */
  interface BodyReader {
    CompletionRequest read(byte[] body) throws RefusedException;
  }

  private Exchange admit(Context call, BodyReader reader) throws RefusedException, IOException {
    CompletionRequest request;
    Submission submission;
    try {
      byte[] body = CallBody.read(call, limits.maxRequestBytes());
      submission =
          submissions.read(call, null, body.length).withSender(HttpGate.sender(call).orElse(null));
      request = reader.read(body);
    } catch (RefusedException e) {
      throw intake.refuse(e);
    }
    return intake.admit(request, submission);
  }

  private void get(Context call) throws RefusedException {
    String requestId = Admission.requestId(call.pathParam("id"));
    String tenant = HttpGate.tenantOf(call, limits.defaultTenant());
    Answers.identity(call, requestId);
    answer(call, 200, requestId, intake.state(tenant, requestId));
  }

  private static void answer(Context call, int status, String requestId, RequestState state)
      throws RefusedException {
    switch (state) {
      case RequestState.Open open -> Answers.open(call, status, requestId, open);
      case RequestState.Settled(var result) -> Answers.settled(call, status, result);
      case RequestState.Unknown unknown ->
          throw new RefusedException(HttpErrors.noRequest(requestId));
    }
  }
}
