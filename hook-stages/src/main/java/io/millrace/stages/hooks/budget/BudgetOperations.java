package io.millrace.stages.hooks.budget;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.stages.hooks.quota.JsonText;
import io.millrace.stages.hooks.quota.StateKeys;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What an operator may ask about a tenant: {@code show} lists what was spent, {@code reset} forgets
 * it, {@code release} gives up what is reserved; all of one budget with the argument {@code
 * budget}.
 */
final class BudgetOperations {

  private static final int ENOUGH_CHARACTERS = Hook.MAX_ANSWER_CHARACTERS - 2_048;

  private final BudgetSettings settings;
  private final OperationContext context;

  BudgetOperations(BudgetSettings settings, OperationContext context) {
    this.settings = settings;
    this.context = context;
  }

  String answer(Operation operation) {
    List<KeyedState.Entry> chosen = chosen(operation.arguments());
    return switch (operation.name()) {
      case "show" -> show(chosen);
      case "reset" -> change("reset", chosen, Account::forgotten);
      case "release" -> change("release", chosen, Account::released);
      default ->
          throw new IllegalArgumentException(
              "no operation '" + operation.name() + "'; there are show, reset and release");
    };
  }

  private List<KeyedState.Entry> chosen(Map<String, String> arguments) {
    String name = arguments.get("budget");
    List<String> known = settings.budgets().stream().map(Budget::name).distinct().toList();
    if (name != null && !known.contains(name)) {
      throw new IllegalArgumentException("no budget '" + name + "'; there are " + known);
    }
    String prefix = Accounts.PREFIX + (name == null ? "" : name + "/");
    String end = prefix.substring(0, prefix.length() - 1) + '0';
    return context.state().range(prefix, end, KeyedState.MAX_RANGE_ENTRIES);
  }

  private String show(List<KeyedState.Entry> chosen) {
    JsonText json = new JsonText().open().text("scope", context.scopeKey()).openList("budgets");
    boolean complete = true;
    for (KeyedState.Entry entry : chosen) {
      if (json.length() < ENOUGH_CHARACTERS) {
        show(json, entry.key(), Account.of(entry.value()));
      } else {
        complete = false;
      }
    }
    return json.closeList().flag("complete", complete).close().toString();
  }

  private void show(JsonText json, String key, Account account) {
    int slash = key.indexOf('/', Accounts.PREFIX.length());
    int equals = key.lastIndexOf('=');
    String name = key.substring(Accounts.PREFIX.length(), slash);
    json.open()
        .text("budget", name)
        .text("of", StateKeys.shown(key.substring(slash + 1, equals)))
        .text("period", key.substring(equals + 1))
        .text("limit_usd", limits(name))
        .text("spent_usd", Usd.text(account.spentNanos()))
        .text("reserved_usd", Usd.text(account.reservedNanos()))
        .flag("warned", account.warned())
        .flag("exhausted", account.exhausted())
        .close();
  }

  /** Which of several limits counts for an owner depends on more than its account tells. */
  private String limits(String name) {
    return settings.budgets().stream()
        .filter(budget -> budget.name().equals(name))
        .map(budget -> Usd.text(budget.limitNanos()))
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  private String change(String what, List<KeyedState.Entry> chosen, UnaryOperator<Account> change) {
    for (KeyedState.Entry entry : chosen) {
      context.state().put(entry.key(), change.apply(Account.of(entry.value())).bytes());
    }
    context.emit("budget-" + what, Map.of("accounts", Integer.toString(chosen.size())));
    return new JsonText().open().number(what, chosen.size()).close().toString();
  }
}
