package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.stages.hooks.quota.Subject;
import java.time.Duration;
import java.util.Locale;

/** What those who are refused are told. */
final class Refusals {

  /** The code of a request that a limit can never let pass. */
  static final String OVER_LIMIT = "request_over_limit";

  private Refusals() {}

  static PipelineError later(Verdict.Refuse refuse, Subject subject) {
    Duration wait = Duration.ofMillis(refuse.waitMillis());
    return ErrorCode.RATE_LIMITED
        .error(
            String.format(
                Locale.ROOT,
                "limit '%s' (%s, for %s) is reached; it may fit in %s",
                refuse.by().limit().name(),
                describe(refuse.by(), subject),
                refuse.by().limit().describe(subject),
                RateHeaders.text(wait.toMillis())))
        .withRetryAfter(wait);
  }

  /** Trying again is no use here, but another provider's limit may be larger. */
  static PipelineError never(Verdict.TooMuch never, Subject subject) {
    return new PipelineError(
        OVER_LIMIT,
        ErrorCategory.INVALID_REQUEST,
        String.format(
            Locale.ROOT,
            "the request asks for %,d %s and limit '%s' (%s) never allows more than %,d at once;"
                + " send a shorter prompt or a smaller max_tokens",
            never.by().amount(),
            never.by().limit().unit().configName(),
            never.by().limit().name(),
            describe(never.by(), subject),
            never.capacity()),
        413,
        null,
        true,
        null);
  }

  private static String describe(Claim claim, Subject subject) {
    Rate rate = claim.limit().rateOf(subject);
    return String.format(
        Locale.ROOT,
        "%,d %s per %s",
        rate.limit(),
        claim.limit().unit().configName(),
        RateHeaders.text(rate.periodMillis()));
  }
}
