package io.millrace.stages;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A request that a hook sends of its own accord, for the tenant and caller of the exchange it has
 * at hand.
 *
 * @param hook the hook
 * @param id unique per tenant and hook
 * @param request what it asks
 * @param timeout from now to its deadline
 */
record BackgroundRequest(String hook, String id, CompletionRequest request, Duration timeout) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  /** No request of a user has it in its id, so theirs and a hook's never meet. */
  private static final char MARK = '~';

  /** Checks the bounds. */
  BackgroundRequest {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "the id of a hook's request is 1 to 128 letters, digits and . _ : -, not '" + id + "'");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("a time-out is positive, not " + timeout);
    }
  }

  /** The exchange that it begins as. */
  Exchange exchange(Exchange cause, long nowMillis) {
    String requestId = MARK + hook + MARK + id;
    Exchange exchange = new Exchange();
    exchange.setExchangeId(cause.getTenant() + "/" + requestId);
    exchange.setRequestId(requestId);
    exchange.setTenant(cause.getTenant());
    exchange.setRequest(avro(cause, requestId));
    exchange.setLane(Lane.BATCH);
    exchange.setAcceptedAtMillis(nowMillis);
    exchange.setDeadlineMillis(nowMillis + timeout.toMillis());
    exchange.setFallbacks(List.of());
    exchange.setAttempts(List.of());
    exchange.setAttributes(Map.of());
    exchange.setTrail(List.of());
    exchange.setFrames(List.of());
    exchange.setHeaders(List.of());
    exchange.setCaller(cause.getCaller());
    exchange.setBackground(true);
    exchange.setResponseHeaders(Map.of());
    return exchange;
  }

  private io.millrace.schemas.avro.CompletionRequest avro(Exchange cause, String requestId) {
    var base = new io.millrace.schemas.avro.CompletionRequest();
    base.setRequestId(requestId);
    base.setTenant(cause.getTenant());
    base.setLane(Lane.BATCH);
    base.setTimeoutMillis(timeout.toMillis());
    base.setFallbacks(List.of());
    base.setHints(Map.of());
    return AvroModel.toAvro(request, base);
  }
}
