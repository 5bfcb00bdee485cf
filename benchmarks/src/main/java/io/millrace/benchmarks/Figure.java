package io.millrace.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured number.
 *
 * @param name what was measured
 * @param value in the unit
 * @param unit e.g. {@code ms}, {@code 1/s}, or empty for a ratio or a count
 * @param goal what it should reach; null for baselines and for what is only reported
 */
record Figure(String name, double value, String unit, @Nullable Goal goal) {

  private static final double WHOLE_FROM = 100;

  static Figure of(String name, double value, String unit) {
    return new Figure(name, value, unit, null);
  }

  static Figure of(String name, double value, String unit, Goal goal) {
    return new Figure(name, value, unit, goal);
  }

  /** A number with as many digits as it deserves. */
  static String text(double value) {
    boolean whole = Math.abs(value) >= WHOLE_FROM || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%,.0f" : "%.2f", value);
  }
}
