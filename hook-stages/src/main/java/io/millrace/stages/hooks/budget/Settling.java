package io.millrace.stages.hooks.budget;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.stages.hooks.quota.Dimension;
import io.millrace.stages.hooks.quota.Subject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts what an attempt has cost in the place of what was reserved for it. Thread-safe. */
final class Settling {

  /** After these nobody knows what the provider has done by then. */
  private static final Set<String> UNKNOWN =
      Set.of(
          ErrorCode.DEADLINE_EXCEEDED.wireName(),
          ErrorCode.CANCELLED.wireName(),
          ErrorCode.UPSTREAM_TIMEOUT.wireName());

  private final BudgetSettings settings;
  private final Meters meters;

  Settling(BudgetSettings settings, Meters meters) {
    this.settings = settings;
    this.meters = meters;
  }

  void settle(List<Hold> holds, Outcome outcome, HookContext context) {
    Subject subject = Subject.of(context);
    List<Budget> due = Hierarchy.of(settings.budgets(), subject);
    Accounts accounts = new Accounts(context.state(), context.now());
    for (Hold hold : holds) {
      long cost = cost(hold, outcome, context);
      String owner = subject.value(levelOf(hold));
      String key = Accounts.keyOf(hold.budget(), owner, hold.periodId());
      Account settled = accounts.get(key).settle(hold.nanos(), cost);
      accounts.put(key, warnIfDue(due, hold, owner, settled, context));
      meters.count("millrace.budget.spent", Map.of("budget", hold.budget()), cost);
    }
  }

  /** The same as the result will say, so that budgets and results agree to the last nano-dollar. */
  private long cost(Hold hold, Outcome outcome, HookContext context) {
    boolean unknown =
        settings.chargeUnknown()
            && context.costNanos() == 0
            && context.fromProvider()
            && outcome instanceof PipelineError error
            && UNKNOWN.contains(error.code());
    return unknown ? hold.nanos() : context.costNanos();
  }

  private static Account warnIfDue(
      List<Budget> due, Hold hold, String owner, Account account, HookContext context) {
    for (Budget budget : due) {
      if (budget.name().equals(hold.budget())
          && !account.warned()
          && account.spentNanos() >= budget.warnNanos()) {
        BudgetEvents.warning(context, budget, owner, account, hold.periodId());
        return account.withWarned();
      }
    }
    return account;
  }

  /** A budget's name begins with its level. */
  private static Dimension levelOf(Hold hold) {
    for (Dimension dimension : BudgetConfig.LEVELS) {
      if (hold.budget().startsWith(dimension.configName() + "-")) {
        return dimension;
      }
    }
    throw new IllegalStateException("no budget is called '" + hold.budget() + "'");
  }
}
