package io.millrace.launcher.pipeline;

import java.util.Locale;

/** One part of a pipeline that can run alone. */
public enum Role {
  /** HTTP in, admission of the requests topic, results by id. */
  INGEST,
  /** Hooks, ledger, deadlines, fallbacks, results. */
  HOOKS,
  /** Calls to providers. */
  PROVIDERS,
  /** Windows and alerts. */
  ANALYTICS;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
