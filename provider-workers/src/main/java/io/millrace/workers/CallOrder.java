package io.millrace.workers;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to carry out.
 *
 * @param request what to ask
 * @param model the model as the provider names it
 * @param callId the same however often the attempt is delivered: exchange id, {@code #}, attempt
 * @param deadline nothing is begun from then on
 * @param chunks takes the pieces of the answer while it comes; null where nobody wants them
 * @param lane how urgent it is
 * @param lastChance whether nothing else is tried when it fails
 * @param waited how long ago it was postponed first, because its model could not be called
 * @param callsBefore how many calls this delivery had made before it was postponed
 */
record CallOrder(
    CompletionRequest request,
    String model,
    String callId,
    Instant deadline,
    @Nullable StreamedChunks chunks,
    Lane lane,
    boolean lastChance,
    Duration waited,
    int callsBefore) {

  /** An attempt of the standard lane, without fallbacks. */
  CallOrder(
      CompletionRequest request,
      String model,
      String callId,
      Instant deadline,
      @Nullable StreamedChunks chunks) {
    this(request, model, callId, deadline, chunks, Lane.STANDARD, true, Duration.ZERO, 0);
  }

  /** This attempt with its place among others. */
  CallOrder in(Lane replacement, boolean last) {
    return new CallOrder(
        request, model, callId, deadline, chunks, replacement, last, waited, callsBefore);
  }

  /** This attempt after so long a wait for its model, and so many calls. */
  CallOrder after(Duration wait, int calls) {
    return new CallOrder(request, model, callId, deadline, chunks, lane, lastChance, wait, calls);
  }

  /** Whose it is: an exchange's id is the tenant, a slash, and the request's id. */
  String tenant() {
    int slash = callId.indexOf('/');
    return slash < 0 ? "" : callId.substring(0, slash);
  }

  /** The exchange it belongs to. */
  String exchangeId() {
    int end = callId.lastIndexOf('#');
    return end < 0 ? callId : callId.substring(0, end);
  }
}
