package io.millrace.stages.hooks.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Dollars in text, nano-dollars in numbers. */
final class Usd {

  /** The largest budget: a billion dollars. */
  static final long MAX_NANOS = 1_000_000_000L * 1_000_000_000L;

  private static final int NANO_DIGITS = 9;
  private static final int MAX_CHARACTERS = 24;

  private Usd() {}

  /** Reads an amount such as {@code 12.50}; empty where it is none, negative, or too large. */
  static Optional<Long> parse(String text) {
    if (text.length() > MAX_CHARACTERS || !text.matches("\\d{1,10}(\\.\\d{1,9})?")) {
      return Optional.empty();
    }
    long nanos = new BigDecimal(text).movePointRight(NANO_DIGITS).longValueExact();
    return nanos <= MAX_NANOS ? Optional.of(nanos) : Optional.empty();
  }

  /** With as many digits as it takes, two at least. */
  static String text(long nanos) {
    BigDecimal exact = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
    return (exact.scale() < 2 ? exact.setScale(2, RoundingMode.UNNECESSARY) : exact)
        .toPlainString();
  }
}
