package io.millrace.stages.hooks.ratelimit;

import java.util.Locale;

/** What a limit counts. */
enum Unit {
  /** Attempts: a fallback is one more. */
  REQUESTS,
  /** Tokens of prompt and answer: estimated before the call, corrected after it. */
  TOKENS;

  String configName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
