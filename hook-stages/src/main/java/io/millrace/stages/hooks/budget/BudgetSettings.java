package io.millrace.stages.hooks.budget;

import java.util.List;

/**
 * The hook's configuration. Immutable.
 *
 * @param budgets in the order of the configuration
 * @param defaultMaxTokens what a request without a bound of its own is taken to generate at most
 * @param setMaxTokens whether such a request is given that bound
 * @param imageTokens the most tokens of one image
 * @param chargeUnknown whether an attempt that ended before its cost was known costs what was
 *     reserved
 */
record BudgetSettings(
    List<Budget> budgets,
    int defaultMaxTokens,
    boolean setMaxTokens,
    long imageTokens,
    boolean chargeUnknown) {

  /** Copies the list. */
  BudgetSettings {
    budgets = List.copyOf(budgets);
  }
}
