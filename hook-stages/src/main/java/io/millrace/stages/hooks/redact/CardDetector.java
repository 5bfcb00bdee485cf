package io.millrace.stages.hooks.redact;

import java.util.function.Consumer;

/**
 * Finds payment card numbers: 13 to 19 digits, in groups or not, the first from 2 to 6, with the
 * right check digit (ISO/IEC 7812-1, Luhn).
 */
record CardDetector() implements Detector {

  private static final int MIN_DIGITS = 13;
  private static final int MAX_DIGITS = 19;

  @Override
  public String kind() {
    return "card";
  }

  @Override
  public void find(String text, Consumer<Finding> found) {
    int index = 0;
    while (index < text.length()) {
      int end = DigitRuns.begins(text, index) ? endOfCard(text, index) : -1;
      if (end > 0) {
        found.accept(Finding.of(index, end, kind()));
        index = end;
      } else {
        index++;
      }
    }
  }

  /** The end of the longest card number that begins here, or -1. */
  private static int endOfCard(String text, int start) {
    char first = text.charAt(start);
    if (first < '2' || first > '6') {
      return -1;
    }
    int[] digits = new int[MAX_DIGITS];
    int count = 0;
    int end = -1;
    int index = start;
    while (count < MAX_DIGITS && index < text.length() && DigitRuns.isDigit(text.charAt(index))) {
      digits[count++] = text.charAt(index) - '0';
      index++;
      if (count >= MIN_DIGITS && DigitRuns.ends(text, index) && checks(digits, count)) {
        end = index;
      }
      index = DigitRuns.afterSeparator(text, index);
    }
    return end;
  }

  private static boolean checks(int[] digits, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int digit = digits[count - 1 - i];
      int weighted = i % 2 == 0 ? digit : digit * 2;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
  }
}
