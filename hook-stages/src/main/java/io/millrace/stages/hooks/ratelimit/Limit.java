package io.millrace.stages.hooks.ratelimit;

import io.millrace.stages.hooks.quota.Dimension;
import io.millrace.stages.hooks.quota.Selector;
import io.millrace.stages.hooks.quota.StateKeys;
import io.millrace.stages.hooks.quota.Subject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One configured limit. Immutable.
 *
 * @param name unique in the hook
 * @param by each combination of these has a limiter of its own; none: one for all
 * @param unit what it counts
 * @param algorithm how it counts
 * @param rate how much per time, for whom no exception is made
 * @param match whom it is for
 * @param onLimit what becomes of a request that does not fit
 * @param exceptions other rates; the first that matches counts
 */
record Limit(
    String name,
    List<Dimension> by,
    Unit unit,
    Algorithm algorithm,
    Rate rate,
    Selector match,
    OnLimit onLimit,
    List<RateException> exceptions) {

  /** Copies the lists. */
  Limit {
    by = List.copyOf(by);
    exceptions = List.copyOf(exceptions);
  }

  /**
   * Another rate for some.
   *
   * @param match for whom
   * @param rate how much; of the limit's period
   */
  record RateException(Selector match, Rate rate) {}

  Rate rateOf(Subject subject) {
    for (RateException exception : exceptions) {
      if (exception.match().matches(subject)) {
        return exception.rate();
      }
    }
    return rate;
  }

  /** The name of the limiter that a subject's requests meet at, unique in the hook's state. */
  String bucketOf(Subject subject) {
    return name + "/" + StateKeys.of(by.stream().map(subject::value).toList());
  }

  /** Who it is that shares a limiter, for people. */
  String describe(Subject subject) {
    return by.isEmpty()
        ? "all"
        : by.stream()
            .map(dimension -> dimension.configName() + " '" + subject.value(dimension) + "'")
            .collect(Collectors.joining(", "));
  }
}
