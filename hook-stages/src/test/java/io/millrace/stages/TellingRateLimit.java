package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.stages.hooks.ratelimit.RateLimitHookFactory;
import java.util.Map;

/**
 * The hook {@code rate-limit}, which also says on {@code events} what an exchange was granted, and
 * in the transaction that ends it. Dispatches do not say it of all: one that was taken back may
 * have been answered before, and then the exchange is not dispatched again.
 */
final class TellingRateLimit implements HookFactory {

  /** The event's type; its only attribute has the same name. */
  static final String GRANTS = "grants";

  private final HookFactory told = new RateLimitHookFactory();

  @Override
  public HookDescriptor descriptor() {
    return told.descriptor();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return new Telling(told.create(config, environment));
  }

  private record Telling(Hook hook) implements Hook {

    @Override
    public void initialize() throws Exception {
      hook.initialize();
    }

    @Override
    public PreHookResult preHook(CompletionRequest request, HookContext context) {
      return hook.preHook(request, context);
    }

    @Override
    public Outcome postHook(Outcome outcome, HookContext context) {
      context.attribute(GRANTS).ifPresent(granted -> context.emit(GRANTS, Map.of(GRANTS, granted)));
      return hook.postHook(outcome, context);
    }

    @Override
    public String operate(Operation operation, OperationContext context) {
      return hook.operate(operation, context);
    }

    @Override
    public void close() {
      hook.close();
    }
  }
}
