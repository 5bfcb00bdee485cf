package io.millrace.ingest;

import io.millrace.plugin.model.PipelineError;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How many callers follow the events of requests now, and whose they are. Thread-safe. */
final class Followers {

  private final int max;
  private final int maxOfTenant;
  private final Map<String, Integer> byTenant = new HashMap<>();
  private int all;

  /**
   * Nobody yet.
   *
   * @param max the most at a time
   * @param maxOfTenant the most of one tenant, so that none keeps the others out
   */
  Followers(int max, int maxOfTenant) {
    this.max = max;
    this.maxOfTenant = maxOfTenant;
  }

  /** Takes a place, to be given back by {@link #leave}; or says why there is none. */
  synchronized Optional<PipelineError> enter(String tenant) {
    if (all >= max) {
      return Optional.of(HttpErrors.tooManyFollowing(max, ""));
    }
    if (byTenant.getOrDefault(tenant, 0) >= maxOfTenant) {
      return Optional.of(HttpErrors.tooManyFollowing(maxOfTenant, " of this tenant"));
    }
    all++;
    byTenant.merge(tenant, 1, Integer::sum);
    return Optional.empty();
  }

  /** Gives a place back. */
  synchronized void leave(String tenant) {
    all--;
    byTenant.computeIfPresent(tenant, (name, count) -> count == 1 ? null : count - 1);
  }
}
