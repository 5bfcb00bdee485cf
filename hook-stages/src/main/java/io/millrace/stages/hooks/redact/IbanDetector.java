package io.millrace.stages.hooks.redact;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Finds IBANs: as long as their country's are, with the right check digits (ISO 13616). */
record IbanDetector() implements Detector {

  private static final Map<String, Integer> LENGTHS =
      Arrays.stream(
              ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22"
                      + " DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28"
                      + " HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20"
                      + " LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28"
                      + " PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23"
                      + " TN24 TR26 UA29 VA22 VG24 XK20")
                  .split(" "))
          .collect(
              Collectors.toUnmodifiableMap(
                  entry -> entry.substring(0, 2), entry -> Integer.parseInt(entry.substring(2))));

  @Override
  public String kind() {
    return "iban";
  }

  @Override
  public void find(String text, Consumer<Finding> found) {
    int index = 0;
    while (index < text.length() - 4) {
      int end = DigitRuns.begins(text, index) ? endOfIban(text, index) : -1;
      if (end > 0) {
        found.accept(Finding.of(index, end, kind()));
        index = end;
      } else {
        index++;
      }
    }
  }

  private static int endOfIban(String text, int start) {
    if (!DigitRuns.isDigit(text.charAt(start + 2)) || !DigitRuns.isDigit(text.charAt(start + 3))) {
      return -1;
    }
    Integer length = LENGTHS.get(text.substring(start, start + 2).toUpperCase(Locale.ROOT));
    if (length == null) {
      return -1;
    }
    StringBuilder iban = new StringBuilder(length);
    int index = start;
    while (index < text.length() && DigitRuns.isAlphanumeric(text.charAt(index))) {
      iban.append(text.charAt(index));
      index++;
      if (iban.length() == length) {
        return DigitRuns.ends(text, index) && checks(iban) ? index : -1;
      }
      index = DigitRuns.afterSeparator(text, index);
    }
    return -1;
  }

  /** The country and check digits go to the end, letters count from 10: the rest by 97 is 1. */
  private static boolean checks(CharSequence iban) {
    int rest = 0;
    for (int i = 0; i < iban.length(); i++) {
      int value = Character.digit(iban.charAt((i + 4) % iban.length()), 36);
      rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
  }
}
