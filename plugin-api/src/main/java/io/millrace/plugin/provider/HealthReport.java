package io.millrace.plugin.provider;

import java.util.Objects;

/**
 * What a provider says of itself when it is asked.
 *
 * @param healthy whether calls may be expected to succeed
 * @param detail one line for a person, without secrets; may be empty
 */
public record HealthReport(boolean healthy, String detail) {

  /** Checks. */
  public HealthReport {
    Objects.requireNonNull(detail, "detail");
  }

  /** All is well. */
  public static HealthReport ok() {
    return new HealthReport(true, "");
  }

  /** It is not. */
  public static HealthReport failing(String detail) {
    return new HealthReport(false, detail);
  }
}
