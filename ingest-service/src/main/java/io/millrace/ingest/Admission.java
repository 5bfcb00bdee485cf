package io.millrace.ingest;

import io.millrace.ingest.AdmissionResult.Accepted;
import io.millrace.ingest.AdmissionResult.Refused;
import io.millrace.ingest.access.Identity.Known;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Caller;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may enter the pipeline, and makes the exchange that travels. Pure: the
 * same request, submission and time give the same answer, so a record that is processed again gets
 * the same identity. Immutable and thread-safe.
 */
public final class Admission {

  static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,256}");

  private final AdmissionLimits limits;
  private final RequestCheck check;

  /** Admission within limits. */
  public Admission(AdmissionLimits limits) {
    this.limits = limits;
    this.check = new RequestCheck(limits);
  }

  /**
   * Validates a request, fills in what is missing and gives it its identity. Neither argument is
   * changed; the exchange shares the request's messages and tools.
   *
   * @param nowMillis when the request is accepted, in UTC milliseconds
   */
  public AdmissionResult admit(CompletionRequest request, Submission submission, long nowMillis) {
    try {
      return new Accepted(accept(request, submission, nowMillis));
    } catch (RefusedException e) {
      return new Refused(e.error());
    }
  }

  private Exchange accept(CompletionRequest request, Submission submission, long nowMillis)
      throws RefusedException {
    checkSize(submission.sizeBytes());
    String tenant = tenant(tenantOf(request, submission));
    String requestId =
        requestId(first(submission.requestId(), request.getRequestId(), submission.assignedId()));
    long timeoutMillis = timeoutMillis(request, submission);
    Lane lane = submission.lane() != null ? submission.lane() : request.getLane();
    List<String> fallbacks =
        submission.fallbacks() != null ? submission.fallbacks() : request.getFallbacks();
    CompletionRequest filled = filled(request, tenant, requestId, lane, timeoutMillis, fallbacks);
    filled.setHints(hints(request, submission));
    check.check(filled);
    return exchange(filled, tenant, requestId, nowMillis, submission);
  }

  /** Set field by field: the builder would copy a default for each of the many fields left. */
  private static Exchange exchange(
      CompletionRequest request,
      String tenant,
      String requestId,
      long nowMillis,
      Submission submission) {
    Exchange exchange = new Exchange();
    exchange.setExchangeId(tenant + "/" + requestId);
    exchange.setRequestId(requestId);
    exchange.setTenant(tenant);
    exchange.setRequest(request);
    exchange.setLane(request.getLane());
    exchange.setAcceptedAtMillis(nowMillis);
    exchange.setDeadlineMillis(nowMillis + request.getTimeoutMillis());
    exchange.setFallbacks(List.of());
    exchange.setAttempts(List.of());
    exchange.setAttributes(Map.of());
    exchange.setTrail(List.of());
    exchange.setFrames(List.of());
    exchange.setHeaders(submission.headers());
    exchange.setCaller(caller(submission));
    exchange.setResponseHeaders(Map.of());
    return exchange;
  }

  private static @Nullable Caller caller(Submission submission) {
    Known sender = submission.sender();
    return sender == null ? null : AvroModel.toAvro(sender.caller());
  }

  /** A credential says whose the request is; what else says so may only agree. */
  private String tenantOf(CompletionRequest request, Submission submission)
      throws RefusedException {
    Known sender = submission.sender();
    if (sender == null) {
      return first(submission.tenant(), request.getTenant(), limits.defaultTenant());
    }
    if (!first(submission.tenant(), null, sender.tenant()).equals(sender.tenant())
        || !first(request.getTenant(), null, sender.tenant()).equals(sender.tenant())) {
      throw AccessErrors.otherTenant();
    }
    return sender.tenant();
  }

  private void checkSize(long sizeBytes) throws RefusedException {
    if (sizeBytes > limits.maxRequestBytes()) {
      throw tooLarge(sizeBytes + " bytes", limits.maxRequestBytes());
    }
  }

  /** The one message about size, for who must stop reading before the size is known. */
  static RefusedException tooLarge(String size, int maxBytes) {
    return new RefusedException(
        ErrorCode.REQUEST_TOO_LARGE.error(
            "the request has " + size + "; at most " + maxBytes + " are allowed"));
  }

  static String tenant(String tenant) throws RefusedException {
    if (!TENANT.matcher(tenant).matches()) {
      throw RefusedException.invalid(
          "the tenant " + Quoted.of(tenant) + " is not 1 to 128 letters, digits and . _ -");
    }
    return tenant;
  }

  static String requestId(String requestId) throws RefusedException {
    if (!REQUEST_ID.matcher(requestId).matches()) {
      throw RefusedException.invalid(
          "the request id "
              + Quoted.of(requestId)
              + " is not 1 to 256 letters, digits and . _ : -");
    }
    return requestId;
  }

  private long timeoutMillis(CompletionRequest request, Submission submission)
      throws RefusedException {
    Duration timeout =
        submission.timeout() != null
            ? submission.timeout()
            : request.getTimeoutMillis() != null
                ? Duration.ofMillis(request.getTimeoutMillis())
                : limits.defaultTimeout();
    if (!timeout.isPositive() || timeout.compareTo(limits.maxTimeout()) > 0) {
      throw RefusedException.invalid(
          "the time-out is "
              + timeout.toMillis()
              + " ms; it must be 1 to "
              + limits.maxTimeout().toMillis());
    }
    return timeout.toMillis();
  }

  private static CompletionRequest filled(
      CompletionRequest request,
      String tenant,
      String requestId,
      Lane lane,
      long timeoutMillis,
      List<String> fallbacks) {
    CompletionRequest filled = new CompletionRequest();
    for (var field : request.getSchema().getFields()) {
      filled.put(field.pos(), request.get(field.pos()));
    }
    filled.setTenant(tenant);
    filled.setRequestId(requestId);
    filled.setLane(lane);
    filled.setTimeoutMillis(timeoutMillis);
    filled.setFallbacks(fallbacks);
    return filled;
  }

  /** What came along with the request goes before its own field, name by name. */
  private static Map<String, String> hints(CompletionRequest request, Submission submission) {
    if (submission.hints().isEmpty()) {
      return request.getHints();
    }
    Map<String, String> hints = new HashMap<>(request.getHints());
    hints.putAll(submission.hints());
    return hints;
  }

  private static String first(@Nullable String given, @Nullable String own, String otherwise) {
    return given != null ? given : Objects.requireNonNullElse(own, otherwise);
  }
}
