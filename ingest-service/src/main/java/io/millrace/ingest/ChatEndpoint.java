package io.millrace.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.millrace.plugin.model.RequestKind;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/chat/completions} and {@code POST /v1/embeddings}: waits for the result, streams
 * it, or does neither.
 */
final class ChatEndpoint {

  private final HttpSubmission submissions;
  private final Intake intake;
  private final ResultWait wait;
  private final StreamAnswer streams;
  private final RequestsEndpoint requests;
  private final int maxBytes;

  ChatEndpoint(
      HttpSubmission submissions,
      Intake intake,
      ResultWait wait,
      StreamAnswer streams,
      RequestsEndpoint requests,
      int maxBytes) {
    this.submissions = submissions;
    this.intake = intake;
    this.wait = wait;
    this.streams = streams;
    this.requests = requests;
    this.maxBytes = maxBytes;
  }

  void addTo(RoutesConfig routes) {
    for (RequestKind kind : RequestKind.values()) {
      routes.post(kind.path(), call -> post(call, kind));
    }
  }

  private void post(Context call, RequestKind kind)
      throws RefusedException, IOException, InterruptedException {
    if (wantsAsync(call.header("Prefer"))) {
      requests.submit(call, true, body -> RequestBody.read(body, kind));
      return;
    }
    Exchange exchange = admit(call, kind);
    Answers.identity(call, exchange.getRequestId());
    boolean chosenId = call.header(HttpSubmission.IDEMPOTENCY_KEY) != null;
    if (kind == RequestKind.CHAT && exchange.getRequest().getStream()) {
      streams.publishAndStream(call, exchange, chosenId);
    } else {
      Answers.result(call, wait.publishAndWait(exchange, chosenId), exchange.getRequest());
    }
  }

  private Exchange admit(Context call, RequestKind kind) throws RefusedException, IOException {
    CompletionRequest request;
    Submission submission;
    try {
      byte[] body = CallBody.read(call, maxBytes);
      submission =
          submissions
              .read(call, Lane.INTERACTIVE, body.length)
              .withSender(HttpGate.sender(call).orElse(null));
      request = RequestBody.read(body, kind);
    } catch (RefusedException e) {
      throw intake.refuse(e);
    }
    return intake.admit(request, submission);
  }

  private static boolean wantsAsync(@Nullable String prefer) {
    return prefer != null && prefer.toLowerCase(Locale.ROOT).contains("respond-async");
  }
}
