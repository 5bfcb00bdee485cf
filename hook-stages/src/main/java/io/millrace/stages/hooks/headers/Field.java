package io.millrace.stages.hooks.headers;

import io.millrace.plugin.hook.HookContext;
import java.time.Duration;
import java.util.Locale;

/** What a header can tell. */
enum Field {
  /** From acceptance to the answer's way out, in milliseconds. */
  PROCESSING_MS {
    @Override
    String value(HookContext context, Duration attemptTime) {
      return millis(Duration.between(context.acceptedAt(), context.now()));
    }
  },
  /** What the last attempt took, provider and later hooks together, in milliseconds. */
  ATTEMPT_MS {
    @Override
    String value(HookContext context, Duration attemptTime) {
      return millis(attemptTime);
    }
  },
  /** How many attempts there were. */
  ATTEMPTS {
    @Override
    String value(HookContext context, Duration attemptTime) {
      return Integer.toString(context.attempt());
    }
  },
  /** The provider that the last attempt aimed at. */
  PROVIDER {
    @Override
    String value(HookContext context, Duration attemptTime) {
      return context.target().provider();
    }
  },
  /** The model that the last attempt aimed at. */
  MODEL {
    @Override
    String value(HookContext context, Duration attemptTime) {
      return context.target().model();
    }
  },
  /** The lane that the request was in. */
  LANE {
    @Override
    String value(HookContext context, Duration attemptTime) {
      return context.lane().wireName();
    }
  };

  abstract String value(HookContext context, Duration attemptTime);

  String header() {
    return "x-millrace-" + wireName();
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String millis(Duration duration) {
    return Long.toString(Math.max(0, duration.toMillis())); // clocks of two machines may differ
  }
}
