package io.millrace.launcher.batch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Writes figures for people, the same everywhere. */
final class Figures {

  private static final int NANO_DIGITS = 9;
  private static final long NANOS_PER_CENT = 10_000_000;

  private Figures() {}

  /** {@code 1,234,567}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 5,120/s}, with one decimal place below ten. */
  static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f/s" : "%,.0f/s", perSecond);
  }

  /** US dollars: {@code $12.34}, and to the nano-dollar below one cent. */
  static String cost(long nanos) {
    BigDecimal dollars = BigDecimal.valueOf(nanos, NANO_DIGITS);
    return nanos == 0 || nanos >= NANOS_PER_CENT
        ? String.format(Locale.ROOT, "$%,.2f", dollars)
        : "$" + dollars.stripTrailingZeros().toPlainString();
  }

  /** US dollars without a sign and without loss, e.g. {@code 0.001500000}. */
  static BigDecimal dollars(long nanos) {
    return BigDecimal.valueOf(nanos, NANO_DIGITS);
  }

  /** {@code 45 s}, {@code 3 min 20 s} or {@code 2 h 5 min}. */
  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }
}
