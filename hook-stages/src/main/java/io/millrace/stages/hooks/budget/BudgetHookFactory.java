package io.millrace.stages.hooks.budget;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.Scope;
import java.util.Map;

/**
 * Creates the {@code budget} hook. Its keys are in the README beside this file and in its schema.
 * Without {@code budgets} it lets everything pass.
 */
public final class BudgetHookFactory implements HookFactory {

  /** For the service loader. */
  public BudgetHookFactory() {}

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "budget",
            "Reserves what a request may cost, and refuses it where a budget is too small.")
        .stateBy(Scope.TENANT)
        .onError(OnError.FAIL)
        .configSchema(BudgetSchema.JSON)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return new BudgetHook(BudgetConfig.read(config), environment);
  }
}
