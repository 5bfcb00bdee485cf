package io.millrace.stages.hooks.budget;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Prices;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.stages.hooks.quota.Subject;
import io.millrace.stages.hooks.tokens.TokenBound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reserves what an attempt may cost at most in every budget it falls under, or in none, and puts
 * what it has cost in its place. Thread-safe: everything is in the hook's state and in the
 * exchange's notes.
 */
final class BudgetHook implements Hook {

  private static final String HOLDS = "holds";

  private final BudgetSettings settings;
  private final Prices prices;
  private final Meters meters;
  private final Settling settling;

  BudgetHook(BudgetSettings settings, HookEnvironment environment) {
    this.settings = settings;
    this.prices = environment.prices();
    this.meters = environment.meters();
    this.settling = new Settling(settings, meters);
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    TokenPrice price = prices.of(context.target());
    if (price.equals(TokenPrice.FREE)) {
      return PreHookResult.proceed(request);
    }
    Subject subject = Subject.of(context);
    long worst = worstCase(request, price);
    Accounts accounts = new Accounts(context.state(), context.now());
    List<Budget> due = Hierarchy.of(settings.budgets(), subject);
    for (Budget budget : due) {
      String key = keyOf(budget, subject, context);
      Account account = accounts.get(key);
      if (!account.fits(worst, boundOf(budget, context))) {
        Shortage shortage = new Shortage(budget, budget.owner(subject), account, worst);
        return refuse(shortage, key, accounts, context);
      }
    }
    reserve(due, subject, worst, accounts, context);
    return PreHookResult.proceed(withBound(request));
  }

  /** What nobody waits for is not to use up what people may still need. */
  private static long boundOf(Budget budget, HookContext context) {
    return context.background() ? budget.warnNanos() : budget.limitNanos();
  }

  private long worstCase(CompletionRequest request, TokenPrice price) {
    return price.costNanos(
        Usage.of(
            TokenBound.prompt(request, settings.imageTokens()),
            TokenBound.completion(request, settings.defaultMaxTokens())));
  }

  private void reserve(
      List<Budget> due, Subject subject, long worst, Accounts accounts, HookContext context) {
    List<Hold> holds = new ArrayList<>();
    for (Budget budget : due) {
      String key = keyOf(budget, subject, context);
      accounts.put(key, accounts.get(key).reserve(worst));
      holds.add(new Hold(budget.name(), budget.period().idAt(context.now()), worst));
    }
    if (!holds.isEmpty()) {
      context.setAttribute(HOLDS, Hold.text(holds));
    }
  }

  private PreHookResult refuse(
      Shortage shortage, String key, Accounts accounts, HookContext context) {
    Account account = shortage.account();
    if (shortage.exhausts() && !account.exhausted() && !context.background()) {
      accounts.put(key, account.withExhausted());
      BudgetEvents.exhausted(context, shortage.budget(), shortage.owner(), account);
    }
    meters.count("millrace.budget.refused", Map.of("budget", shortage.budget().name()), 1);
    return PreHookResult.fail(shortage.error(context.now()));
  }

  private CompletionRequest withBound(CompletionRequest request) {
    if (!settings.setMaxTokens() || TokenBound.limitsCompletion(request)) {
      return request;
    }
    return request.withMaxTokens(settings.defaultMaxTokens());
  }

  private static String keyOf(Budget budget, Subject subject, HookContext context) {
    String periodId = budget.period().idAt(context.now());
    return Accounts.keyOf(budget.name(), budget.owner(subject), periodId);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    List<Hold> holds = Hold.of(context.attribute(HOLDS));
    if (!holds.isEmpty()) {
      settling.settle(holds, outcome, context);
    }
    return outcome;
  }

  @Override
  public String operate(Operation operation, OperationContext context) {
    return new BudgetOperations(settings, context).answer(operation);
  }
}
