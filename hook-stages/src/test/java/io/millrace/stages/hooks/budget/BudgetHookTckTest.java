package io.millrace.stages.hooks.budget;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The budget hook keeps to the contract of hooks. */
class BudgetHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new BudgetHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(
        Map.of(),
        Map.of(
            "set_max_tokens",
            true,
            "budgets",
            List.of(
                Map.of("period", "day", "limit_usd", "12.50"),
                Map.of("key", "*", "period", "total", "limit_usd", "1", "warn_at", 0.5))));
  }
}
