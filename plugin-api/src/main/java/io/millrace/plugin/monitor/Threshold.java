package io.millrace.plugin.monitor;

/**
 * From where on a figure is worth an alert; higher is worse.
 *
 * @param warning from this value on
 * @param critical from this value on, not below {@code warning}
 */
public record Threshold(double warning, double critical) {

  /** Checks the order. */
  public Threshold {
    if (!(warning <= critical)) {
      throw new IllegalArgumentException(
          "warning (%s) must not be above critical (%s)".formatted(warning, critical));
    }
  }

  /** How bad a value is. */
  public Level levelOf(double value) {
    if (value >= critical) {
      return Level.CRITICAL;
    }
    return value >= warning ? Level.WARNING : Level.NORMAL;
  }

  /** How bad a figure is. */
  public enum Level {
    /** Below every threshold. */
    NORMAL,
    /** Worth a look. */
    WARNING,
    /** Somebody must act. */
    CRITICAL
  }
}
