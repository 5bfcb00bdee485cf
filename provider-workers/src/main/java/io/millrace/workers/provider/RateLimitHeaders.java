package io.millrace.workers.provider;

import io.millrace.plugin.provider.RateLimitStatus;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what providers say about their limits: {@code x-ratelimit-remaining-requests} and its kin
 * (OpenAI, Groq, Azure and others), {@code x-ratelimit-remaining-req-minute} and its kin (Mistral)
 * and {@code anthropic-ratelimit-requests-remaining} and its kin.
 */
final class RateLimitHeaders {

  private static final String NUMBER = "[0-9]{1,15}";

  /** OpenAI's durations: {@code 6m0s}, {@code 1.5s}, {@code 120ms}; without a unit, seconds. */
  private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|[dhms]?)");

  private final HttpHeaders headers;
  private final Instant now;

  private RateLimitHeaders(HttpHeaders headers, Instant now) {
    this.headers = headers;
    this.now = now;
  }

  /** What the headers say, or null where they say nothing. */
  static @Nullable RateLimitStatus read(HttpHeaders headers, Instant now) {
    RateLimitHeaders reader = new RateLimitHeaders(headers, now);
    Window requests = reader.window("requests", "req-minute");
    Window tokens = reader.window("tokens", "tokens-minute");
    if (requests.remaining() == null && tokens.remaining() == null) {
      return null;
    }
    Window scarcer = requests.share() <= tokens.share() ? requests : tokens;
    return new RateLimitStatus(requests.remaining(), tokens.remaining(), scarcer.reset());
  }

  private Window window(String of, String atMistral) {
    Window plain =
        new Window(
            number("x-ratelimit-remaining-" + of),
            number("x-ratelimit-limit-" + of),
            duration(value("x-ratelimit-reset-" + of)));
    if (plain.remaining() != null) {
      return plain;
    }
    Long minute = number("x-ratelimit-remaining-" + atMistral);
    if (minute != null) {
      // It does not say when the minute began.
      return new Window(minute, number("x-ratelimit-limit-" + atMistral), null);
    }
    String prefix = "anthropic-ratelimit-" + of;
    return new Window(
        number(prefix + "-remaining"), number(prefix + "-limit"), until(value(prefix + "-reset")));
  }

  private @Nullable Long number(String name) {
    String value = value(name);
    return value.matches(NUMBER) ? Long.valueOf(value) : null;
  }

  private String value(String name) {
    return headers.firstValue(name).orElse("").trim();
  }

  private static @Nullable Duration duration(String value) {
    Matcher part = PART.matcher(value);
    double seconds = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      seconds += Double.parseDouble(part.group(1)) * secondsOf(part.group(2));
      end = part.end();
    }
    return value.isEmpty() || end < value.length() ? null : atMostADay(seconds);
  }

  private static double secondsOf(String unit) {
    return switch (unit) {
      case "ms" -> 1e-3;
      case "m" -> 60;
      case "h" -> 3_600;
      case "d" -> 86_400;
      default -> 1;
    };
  }

  private static Duration atMostADay(double seconds) {
    double most = Math.min(seconds, (double) RetryAfter.MAX.toSeconds());
    return Duration.ofMillis((long) Math.ceil(most * 1e3));
  }

  private @Nullable Duration until(String value) {
    try {
      Duration wait = Duration.between(now, Instant.parse(value));
      Duration most = wait.compareTo(RetryAfter.MAX) > 0 ? RetryAfter.MAX : wait;
      return most.isNegative() ? Duration.ZERO : most;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** One limit. */
  private record Window(@Nullable Long remaining, @Nullable Long limit, @Nullable Duration reset) {

    /** How much of it is left: 0 to 1, or more than 1 where that is not known. */
    double share() {
      if (remaining == null) {
        return 3;
      }
      if (remaining == 0) {
        return 0;
      }
      return limit == null || limit == 0 ? 2 : Math.min(1, (double) remaining / limit);
    }
  }
}
