package io.millrace.plugin.hook;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import java.time.Duration;
import java.time.Instant;

/**
 * A hook that wraps an attempt: {@link #before} sees what goes in, {@link #after} what comes out
 * and how long everything in between took. Thread-safe where the subclass is.
 */
public abstract class Middleware implements Hook {

  private static final String BEGAN = "middleware.began";

  /** For subclasses. */
  protected Middleware() {}

  /**
   * Runs before the attempt, see {@link Hook#preHook}.
   *
   * @return what happens next; never null
   */
  protected PreHookResult before(CompletionRequest request, HookContext context) {
    return PreHookResult.proceed(request);
  }

  /**
   * Runs after the attempt, see {@link Hook#postHook}.
   *
   * @param elapsed from {@link #before} to now, wherever the two ran; never negative
   * @return the outcome to pass on; never null
   */
  protected Outcome after(Outcome outcome, Duration elapsed, HookContext context) {
    return outcome;
  }

  @Override
  public final PreHookResult preHook(CompletionRequest request, HookContext context) {
    if (context.attribute(BEGAN).isEmpty()) {
      context.setAttribute(BEGAN, Long.toString(context.now().toEpochMilli()));
    }
    return before(request, context);
  }

  @Override
  public final Outcome postHook(Outcome outcome, HookContext context) {
    Instant now = context.now();
    Duration elapsed =
        context
            .attribute(BEGAN)
            .map(began -> Duration.between(Instant.ofEpochMilli(Long.parseLong(began)), now))
            .filter(duration -> !duration.isNegative())
            .orElse(Duration.ZERO);
    return after(outcome, elapsed, context);
  }
}
