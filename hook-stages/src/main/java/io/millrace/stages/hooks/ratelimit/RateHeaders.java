package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.HookContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Tells the caller of its limits, in the words of OpenAI's headers: of several for one unit the one
 * of which the smallest part is left.
 */
final class RateHeaders {

  private RateHeaders() {}

  static void set(HookContext context, List<Claim> claims, long nowMillis) {
    for (Unit unit : Unit.values()) {
      Claim tightest = null;
      for (Claim claim : claims) {
        if (claim.limit().unit() == unit
            && (tightest == null || tighter(claim, tightest, nowMillis))) {
          tightest = claim;
        }
      }
      if (tightest != null) {
        set(context, unit.configName(), tightest.limiter(), nowMillis);
      }
    }
  }

  private static void set(HookContext context, String unit, Limiter limiter, long nowMillis) {
    long remaining = Math.max(0, limiter.available(nowMillis));
    context.setResponseHeader("x-ratelimit-limit-" + unit, Long.toString(limiter.capacity()));
    context.setResponseHeader("x-ratelimit-remaining-" + unit, Long.toString(remaining));
    context.setResponseHeader("x-ratelimit-reset-" + unit, text(limiter.resetMillis(nowMillis)));
  }

  /** Both are at most a billion, so the products fit. */
  private static boolean tighter(Claim one, Claim other, long nowMillis) {
    return Math.max(0, one.limiter().available(nowMillis)) * other.limiter().capacity()
        < Math.max(0, other.limiter().available(nowMillis)) * one.limiter().capacity();
  }

  /** As OpenAI writes it: {@code 6m0s}, {@code 1.5s}. */
  static String text(long millis) {
    return Duration.ofMillis(millis).toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
