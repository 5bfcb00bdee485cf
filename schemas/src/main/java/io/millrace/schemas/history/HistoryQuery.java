package io.millrace.schemas.history;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;

/**
 * Which request's history, and how much of it. Immutable.
 *
 * @param tenant who asked; what is another tenant's is never shown
 * @param requestId the request's id
 * @param fromMillis where to begin, in UTC milliseconds since 1970
 * @param untilMillis where what has passed ends, for a request whose result is known: that is not
 *     looked for then; {@link #NOW} for the present
 * @param providers that were called, where that is known; empty looks at the calls to all
 * @param maxRecords how many records of all requests are looked through for what has passed, at
 *     most; where there are more, the oldest are left out
 * @param after what the reader has already
 */
public record HistoryQuery(
    String tenant,
    String requestId,
    long fromMillis,
    long untilMillis,
    Set<String> providers,
    long maxRecords,
    HistoryMark after) {

  /** No end before the present. */
  public static final long NOW = Long.MAX_VALUE;

  /** Copies the set and checks the bound. */
  public HistoryQuery {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(after, "after");
    providers = Set.copyOf(providers);
    if (maxRecords < 1) {
      throw new IllegalArgumentException("maxRecords must be at least 1, is " + maxRecords);
    }
  }

  /** Everything since a time, up to the present. */
  public static HistoryQuery since(
      String tenant, String requestId, long fromMillis, long maxRecords) {
    return new HistoryQuery(
        tenant, requestId, fromMillis, NOW, Set.of(), maxRecords, HistoryMark.NONE);
  }

  /** This without the result, up to a time, and calls to these providers only. */
  public HistoryQuery until(long millis, Collection<String> called) {
    return new HistoryQuery(
        tenant, requestId, fromMillis, millis, Set.copyOf(called), maxRecords, after);
  }

  /** This without what the reader has. */
  public HistoryQuery after(HistoryMark mark) {
    return new HistoryQuery(
        tenant, requestId, fromMillis, untilMillis, providers, maxRecords, mark);
  }
}
