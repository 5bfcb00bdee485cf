package io.millrace.ingest;

import io.millrace.ingest.access.Identity.Known;
import io.millrace.schemas.avro.HeaderEntry;
import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What comes along with a request: headers of its HTTP call or of its record. What is given here
 * goes before the request's own field. Immutable.
 *
 * @param assignedId the id to use when neither this nor the request names one
 * @param requestId the id that the sender chose, or null
 * @param tenant who asks, or null
 * @param lane priority class, or null
 * @param timeout from acceptance to deadline, or null
 * @param fallbacks {@code provider/model} pairs in order, or null
 * @param headers to go out with the result
 * @param hints wishes about single hooks, by name
 * @param sender who sends it, as a credential says; null where nobody had to say
 * @param sizeBytes how large the request was on arrival
 */
public record Submission(
    String assignedId,
    @Nullable String requestId,
    @Nullable String tenant,
    @Nullable Lane lane,
    @Nullable Duration timeout,
    @Nullable List<String> fallbacks,
    List<HeaderEntry> headers,
    Map<String, String> hints,
    @Nullable Known sender,
    long sizeBytes) {

  /** Copies the lists. */
  public Submission {
    Objects.requireNonNull(assignedId, "assignedId");
    fallbacks = fallbacks == null ? null : List.copyOf(fallbacks);
    headers = List.copyOf(headers);
    hints = Map.copyOf(hints);
  }

  /** A request that comes with nothing but its bytes. */
  public static Submission of(String assignedId, long sizeBytes) {
    return new Submission(
        assignedId, null, null, null, null, null, List.of(), Map.of(), null, sizeBytes);
  }

  /** This with an id that the sender chose. */
  public Submission withRequestId(@Nullable String id) {
    return new Submission(
        assignedId, id, tenant, lane, timeout, fallbacks, headers, hints, sender, sizeBytes);
  }

  /** This from a tenant. */
  public Submission withTenant(@Nullable String name) {
    return new Submission(
        assignedId, requestId, name, lane, timeout, fallbacks, headers, hints, sender, sizeBytes);
  }

  /** This in a lane. */
  public Submission withLane(@Nullable Lane priority) {
    return new Submission(
        assignedId,
        requestId,
        tenant,
        priority,
        timeout,
        fallbacks,
        headers,
        hints,
        sender,
        sizeBytes);
  }

  /** This with a time-out. */
  public Submission withTimeout(@Nullable Duration duration) {
    return new Submission(
        assignedId,
        requestId,
        tenant,
        lane,
        duration,
        fallbacks,
        headers,
        hints,
        sender,
        sizeBytes);
  }

  /** This with fallbacks. */
  public Submission withFallbacks(@Nullable List<String> pairs) {
    return new Submission(
        assignedId, requestId, tenant, lane, timeout, pairs, headers, hints, sender, sizeBytes);
  }

  /** This with headers that go out with the result. */
  public Submission withHeaders(List<HeaderEntry> entries) {
    return new Submission(
        assignedId, requestId, tenant, lane, timeout, fallbacks, entries, hints, sender, sizeBytes);
  }

  /** This with wishes about single hooks. */
  public Submission withHints(Map<String, String> wishes) {
    return new Submission(
        assignedId,
        requestId,
        tenant,
        lane,
        timeout,
        fallbacks,
        headers,
        wishes,
        sender,
        sizeBytes);
  }

  /** This from somebody whose credential was checked. */
  public Submission withSender(@Nullable Known known) {
    return new Submission(
        assignedId, requestId, tenant, lane, timeout, fallbacks, headers, hints, known, sizeBytes);
  }
}
