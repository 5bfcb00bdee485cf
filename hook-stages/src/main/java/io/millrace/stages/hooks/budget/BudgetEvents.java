package io.millrace.stages.hooks.budget;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.HookContext;
import java.util.Map;

/** What others are told of budgets, each at most once per budget, owner and period. */
final class BudgetEvents {

  private BudgetEvents() {}

  static void warning(
      HookContext context, Budget budget, String owner, Account account, String periodId) {
    context.emit(EventTypes.BUDGET_WARNING, attributes(budget, owner, account, periodId));
  }

  static void exhausted(HookContext context, Budget budget, String owner, Account account) {
    context.emit(
        EventTypes.BUDGET_EXHAUSTED,
        attributes(budget, owner, account, budget.period().idAt(context.now())));
  }

  private static Map<String, String> attributes(
      Budget budget, String owner, Account account, String periodId) {
    return Map.of(
        "budget",
        budget.name(),
        "owner",
        owner,
        "period",
        periodId,
        "limit_usd",
        Usd.text(budget.limitNanos()),
        "spent_usd",
        Usd.text(account.spentNanos()),
        "reserved_usd",
        Usd.text(account.reservedNanos()));
  }
}
