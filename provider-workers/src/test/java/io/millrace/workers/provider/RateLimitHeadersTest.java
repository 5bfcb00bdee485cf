package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.provider.RateLimitStatus;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitHeadersTest {

  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @Test
  void shouldReadOpenAisHeaders() {
    assertThat(
            read(
                Map.of(
                    "x-ratelimit-limit-requests", "60",
                    "x-ratelimit-limit-tokens", "150000",
                    "x-ratelimit-remaining-requests", "59",
                    "x-ratelimit-remaining-tokens", "1000",
                    "x-ratelimit-reset-requests", "1s",
                    "x-ratelimit-reset-tokens", "6m0s")))
        .isEqualTo(new RateLimitStatus(59L, 1000L, Duration.ofMinutes(6)));
  }

  @Test
  void shouldReadAnthropicsHeaders() {
    assertThat(
            read(
                Map.of(
                    "anthropic-ratelimit-requests-limit", "50",
                    "anthropic-ratelimit-requests-remaining", "0",
                    "anthropic-ratelimit-requests-reset", "2026-11-20T12:00:30Z",
                    "anthropic-ratelimit-tokens-remaining", "10",
                    "anthropic-ratelimit-tokens-limit", "100",
                    "anthropic-ratelimit-tokens-reset", "2026-11-20T11:00:00Z")))
        .isEqualTo(new RateLimitStatus(0L, 10L, Duration.ofSeconds(30)));
  }

  @Test
  void shouldReadMistralsHeaders() {
    assertThat(
            read(
                Map.of(
                    "x-ratelimit-limit-req-minute", "60",
                    "x-ratelimit-remaining-req-minute", "59",
                    "x-ratelimit-limit-tokens-minute", "50000",
                    "x-ratelimit-remaining-tokens-minute", "47196")))
        .isEqualTo(new RateLimitStatus(59L, 47_196L, null));
  }

  @ParameterizedTest
  @CsvSource({
    "120ms, 120",
    "1.5s, 1500",
    "6m0s, 360000",
    "1h2m3s, 3723000",
    "7, 7000",
    "2d, 86400000",
    "0s, 0",
    "999999999h, 86400000"
  })
  void shouldReadEveryDuration(String value, long millis) {
    assertThat(reset(value)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"soon", "-1s", "1y", "''", "1s soon", "1e9s"})
  void shouldIgnoreWhatIsNoDuration(String value) {
    assertThat(reset(value)).isNull();
  }

  @Test
  void shouldSayNothingWhenTheHeadersDoNot() {
    assertThat(read(Map.of())).isNull();
    assertThat(read(Map.of("x-ratelimit-remaining-requests", "-4"))).isNull();
    assertThat(read(Map.of("x-ratelimit-reset-requests", "1s"))).isNull();
  }

  private static @Nullable Duration reset(String value) {
    RateLimitStatus status =
        read(Map.of("x-ratelimit-remaining-requests", "5", "x-ratelimit-reset-requests", value));
    assertThat(status).isNotNull();
    return status == null ? null : status.resetAfter();
  }

  private static @Nullable RateLimitStatus read(Map<String, String> headers) {
    Map<String, List<String>> all = new HashMap<>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return RateLimitHeaders.read(HttpHeaders.of(all, (name, value) -> true), NOW);
  }
}
