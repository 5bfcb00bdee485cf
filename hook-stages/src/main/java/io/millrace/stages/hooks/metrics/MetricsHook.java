package io.millrace.stages.hooks.metrics;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Counts and times attempts as they pass. */
final class MetricsHook implements Hook {

  static final String ATTEMPTS = "millrace.attempts";
  static final String ATTEMPT_TIME = "millrace.attempt.time";
  static final String TOKENS = "millrace.tokens";

  private static final String STARTED_MILLIS = "started-ms";

  private final Meters meters;

  MetricsHook(Meters meters) {
    this.meters = meters;
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    context.setAttribute(STARTED_MILLIS, Long.toString(context.now().toEpochMilli()));
    return PreHookResult.proceed(request);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    Map<String, String> target =
        Map.of("provider", context.target().provider(), "model", context.target().model());
    String code =
        switch (outcome) {
          case Completion completion -> "ok";
          case PipelineError error -> error.code();
        };
    meters.count(
        ATTEMPTS,
        Map.of(
            "provider", context.target().provider(),
            "model", context.target().model(),
            "lane", context.lane().wireName(),
            "outcome", code),
        1);
    context
        .attribute(STARTED_MILLIS)
        .map(started -> Instant.ofEpochMilli(Long.parseLong(started)))
        .ifPresent(
            started -> meters.time(ATTEMPT_TIME, target, Duration.between(started, context.now())));
    if (outcome instanceof Completion completion) {
      countTokens(completion, context);
    }
    return outcome;
  }

  private void countTokens(Completion completion, HookContext context) {
    countTokens("prompt", completion.usage().promptTokens(), context);
    countTokens("completion", completion.usage().completionTokens(), context);
  }

  private void countTokens(String kind, long tokens, HookContext context) {
    meters.count(
        TOKENS,
        Map.of(
            "provider", context.target().provider(),
            "model", context.target().model(),
            "kind", kind),
        tokens);
  }
}
