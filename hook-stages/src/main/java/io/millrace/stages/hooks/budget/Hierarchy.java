package io.millrace.stages.hooks.budget;

import io.millrace.stages.hooks.quota.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which budgets a request falls under: at most one for each level and period. */
final class Hierarchy {

  private Hierarchy() {}

  /**
   * Of budgets for the same level and period, the first that matches: so a list may name exceptions
   * first and the rule last.
   */
  static List<Budget> of(List<Budget> budgets, Subject subject) {
    Map<String, Budget> found = new LinkedHashMap<>();
    for (Budget budget : budgets) {
      if (budget.isFor(subject)) {
        found.putIfAbsent(budget.name(), budget);
      }
    }
    return List.copyOf(found.values());
  }
}
