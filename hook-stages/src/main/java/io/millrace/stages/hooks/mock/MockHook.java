package io.millrace.stages.hooks.mock;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.RequestKind;
import java.util.List;
import java.util.Map;

/** Replies by the first rule that fits. */
final class MockHook implements Hook {

  static final String REPLIES = "millrace.mock.replies";
  static final String EVENT = "mock-replied";
  static final String UNMATCHED = "mock_unmatched";

  private static final String DELAYED = "delayed";

  private final List<Rule> rules;
  private final boolean passOthers;
  private final Meters meters;

  MockHook(List<Rule> rules, boolean passOthers, Meters meters) {
    this.rules = List.copyOf(rules);
    this.passOthers = passOthers;
    this.meters = meters;
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (request.kind() == RequestKind.CHAT // rules answer with text, which is no vector
          && rule.match().fits(request, context.target(), context.tenant())
          && rule.drawn(context.tenant(), context.requestId(), context.attempt())) {
        return apply(rule, i, request, context);
      }
    }
    return passOthers ? PreHookResult.proceed(request) : PreHookResult.fail(unmatched(context));
  }

  private PreHookResult apply(
      Rule rule, int index, CompletionRequest request, HookContext context) {
    if (rule.delay() != null && context.attribute(DELAYED).isEmpty()) {
      context.setAttribute(DELAYED, "true");
      return PreHookResult.defer(rule.delay());
    }
    String number = Integer.toString(index);
    meters.count(REPLIES, Map.of("rule", number), 1);
    context.emit(EVENT, Map.of("rule", number));
    return rule.reply().to(request, context);
  }

  private PipelineError unmatched(HookContext context) {
    return new PipelineError(
        UNMATCHED,
        ErrorCategory.INVALID_REQUEST,
        "none of the "
            + rules.size()
            + " rules of the mock fits this request to "
            + context.target()
            + "; add a rule or set otherwise: pass",
        404,
        null,
        false,
        null);
  }
}
