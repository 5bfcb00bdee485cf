package io.millrace.stages.hooks.auth;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Refuses what the sender's key or token does not allow at the time of the attempt. */
final class AuthHook implements Hook {

  static final String DECISIONS = "millrace.auth.decisions";
  static final String ACCESS_DENIED = "access-denied";

  private static final Duration TRY_AGAIN = Duration.ofMillis(250);

  private final AccessRules rules;
  private final Meters meters;

  AuthHook(AccessRules rules, Meters meters) {
    this.rules = rules;
    this.meters = meters;
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    Decision decision = rules.decide(context);
    meters.count(DECISIONS, Map.of("outcome", decision.tag()), 1);
    return switch (decision) {
      case ALLOWED, ANONYMOUS -> PreHookResult.proceed(request);
      case NOT_YET_KNOWN -> PreHookResult.defer(TRY_AGAIN);
      case MISSING, UNKNOWN, REVOKED, EXPIRED, TENANT ->
          deny(
              ErrorCode.UNAUTHENTICATED.error("the credential is missing or not valid"),
              decision,
              context);
      case MODEL ->
          deny(
              ErrorCode.FORBIDDEN.error("this credential may not use " + context.target()),
              decision,
              context);
      case LANE ->
          deny(
              ErrorCode.FORBIDDEN.error(
                  "this credential may not use the lane "
                      + context.lane().name().toLowerCase(Locale.ROOT)),
              decision,
              context);
    };
  }

  private static PreHookResult deny(PipelineError error, Decision reason, HookContext context) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("reason", reason.tag());
    // A token's subject may be a person's name; a key's id names nobody.
    context
        .caller()
        .filter(caller -> caller.kind() == Caller.Kind.KEY)
        .ifPresent(caller -> attributes.put("key", caller.id()));
    context.emit(ACCESS_DENIED, attributes);
    return PreHookResult.fail(error.withAllowFallbacks(false));
  }
}
