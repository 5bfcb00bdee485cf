package io.millrace.stages.hooks.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.function.Consumer;

/**
 * Finds what matches a user's pattern. RE2, and not the JDK's: whatever the pattern, the time is
 * linear in the text, so no pattern can hold up a stream thread for good.
 */
record CustomDetector(String kind, Pattern pattern) implements Detector {

  @Override
  public void find(String text, Consumer<Finding> found) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) {
        found.accept(Finding.of(matcher.start(), matcher.end(), kind));
      }
    }
  }
}
