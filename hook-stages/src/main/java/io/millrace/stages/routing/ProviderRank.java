package io.millrace.stages.routing;

import io.millrace.plugin.routing.Candidate;

/**
 * A provider's place among the others.
 *
 * @param priority lower comes first
 * @param weight its share where shares are drawn, more than 0
 */
public record ProviderRank(int priority, double weight) {

  /** Where nothing is said. */
  public static final ProviderRank DEFAULT = new ProviderRank(Candidate.DEFAULT_PRIORITY, 1);

  /** Checks the weight. */
  public ProviderRank {
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("weight must be more than 0, is " + weight);
    }
  }
}
