package io.millrace.stages.hooks.budget;

import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.PipelineError;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that a budget has no money for.
 *
 * @param budget the budget
 * @param owner whose it is
 * @param account what became of it
 * @param worstNanos what the request may cost at most
 */
record Shortage(Budget budget, String owner, Account account, long worstNanos) {

  /** The code of the refusal. */
  static final String CODE = "budget_exhausted";

  /** Whether the budget is used up; else it never had as much as this request asks for. */
  boolean exhausts() {
    return worstNanos <= budget.limitNanos();
  }

  /** A cheaper model may still fit, so fallbacks are tried. */
  PipelineError error(Instant now) {
    return new PipelineError(
        CODE, ErrorCategory.RATE_LIMIT, message(), 429, retryAfter(now), true, null);
  }

  private String message() {
    return "the %s budget of %s '%s' is %s USD: %s spent, %s reserved by requests under way, and this one may cost %s"
        .formatted(
            budget.period().configName(),
            budget.level().configName(),
            owner,
            Usd.text(budget.limitNanos()),
            Usd.text(account.spentNanos()),
            Usd.text(account.reservedNanos()),
            Usd.text(worstNanos));
  }

  /** No time helps a request that is dearer than the whole budget. */
  private @Nullable Duration retryAfter(Instant now) {
    return exhausts() ? budget.period().leftAt(now).orElse(null) : null;
  }
}
