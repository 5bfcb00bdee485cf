package io.millrace.plugin.model;

import java.util.Locale;

/** Priority class. Each has a dispatch topic of its own at every provider. */
public enum Lane {
  /** Somebody waits. */
  INTERACTIVE,
  /** The default. */
  STANDARD,
  /** Whenever there is room. */
  BATCH;

  /** The name in topics, headers and configuration: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
