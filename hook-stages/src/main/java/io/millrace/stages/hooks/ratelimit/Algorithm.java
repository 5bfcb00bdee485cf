package io.millrace.stages.hooks.ratelimit;

import java.util.Locale;

/** How a limit is counted. The order is part of the state's format. */
enum Algorithm {
  /** At most burst + rate × t in any time t. */
  TOKEN_BUCKET,
  /** At most the limit in any period, wherever it begins. */
  SLIDING_WINDOW,
  /** At most the limit in each period of the clock. */
  FIXED_WINDOW;

  /** The name in configurations: lower case. */
  String configName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
