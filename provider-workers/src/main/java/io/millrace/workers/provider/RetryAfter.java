package io.millrace.workers.provider;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Retry-After} (RFC 9110, section 10.2.3: seconds or a date) and OpenAI's {@code
 * retry-after-ms}.
 */
final class RetryAfter {

  /** More is taken as this. */
  static final Duration MAX = Duration.ofDays(1);

  private RetryAfter() {}

  /** How long to wait, or null where the answer does not say, or not in a way to understand. */
  static @Nullable Duration read(HttpHeaders headers, Instant now) {
    String millis = headers.firstValue("retry-after-ms").orElse("");
    Duration exact = number(millis, 1e-3);
    if (exact != null) {
      return exact;
    }
    String value = headers.firstValue("Retry-After").orElse("").trim();
    Duration seconds = number(value, 1);
    return seconds != null ? seconds : date(value, now);
  }

  private static @Nullable Duration number(String value, double unitSeconds) {
    if (!value.matches("[0-9]{1,18}(\\.[0-9]{1,9})?")) {
      return null;
    }
    double seconds = Double.parseDouble(value) * unitSeconds;
    return Duration.ofMillis((long) Math.ceil(Math.min(seconds, (double) MAX.toSeconds()) * 1e3));
  }

  private static @Nullable Duration date(String value, Instant now) {
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, at);
      if (wait.isNegative()) {
        return Duration.ZERO;
      }
      return wait.compareTo(MAX) > 0 ? MAX : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
