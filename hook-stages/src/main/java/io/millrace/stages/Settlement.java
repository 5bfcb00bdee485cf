package io.millrace.stages;

import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What follows a failed attempt (hook contract, H18 to H24). */
sealed interface Settlement {

  /**
   * Another attempt.
   *
   * @param target what it aims at
   * @param remaining what is left to try after it
   * @param skipped fallbacks passed over because their provider is not configured, or blocked
   */
  record NextAttempt(Target target, List<Target> remaining, List<Target> skipped)
      implements Settlement {}

  /**
   * The end.
   *
   * @param error what the request ends with
   * @param skipped fallbacks passed over because their provider is not configured, or blocked
   */
  record End(PipelineError error, List<Target> skipped) implements Settlement {}

  /**
   * Decides.
   *
   * @param error how the latest attempt failed
   * @param firstError how the first attempt failed: the same when it is the latest
   * @param fallbacks what could be tried, in order
   * @param usable whether a target's provider is configured, and not blocked
   */
  static Settlement of(
      PipelineError error,
      PipelineError firstError,
      List<Target> fallbacks,
      Predicate<Target> usable) {
    if (!error.mayFallBack()) {
      return new End(error, List.of());
    }
    List<Target> skipped = new ArrayList<>();
    for (int next = 0; next < fallbacks.size(); next++) {
      Target candidate = fallbacks.get(next);
      if (usable.test(candidate)) {
        return new NextAttempt(
            candidate, fallbacks.subList(next + 1, fallbacks.size()), List.copyOf(skipped));
      }
      skipped.add(candidate);
    }
    return new End(firstError, List.copyOf(skipped));
  }
}
