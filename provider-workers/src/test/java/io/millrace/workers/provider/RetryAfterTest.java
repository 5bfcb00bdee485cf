package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      value = {
        "7; 7000",
        "0; 0",
        "1.5; 1500",
        "99999999999999; 86400000",
        "Fri, 20 Nov 2026 12:01:30 GMT; 90000",
        "Fri, 20 Nov 2026 11:00:00 GMT; 0",
        "Fri, 20 Nov 2099 11:00:00 GMT; 86400000"
      },
      delimiter = ';')
  void shouldReadBothForms(String value, long millis) {
    assertThat(read(Map.of("Retry-After", value))).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource(
      value = {"-3", "soon", "NaN", "1e9", "''", "Fri, 32 Nov 2026 12:01:30 GMT"},
      delimiter = ';')
  void shouldIgnoreWhatIsNeither(String value) {
    assertThat(read(Map.of("Retry-After", value))).isNull();
  }

  @Test
  void shouldPreferMilliseconds() {
    assertThat(read(Map.of("Retry-After", "1", "retry-after-ms", "250")))
        .isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void shouldSayNothingWhenTheHeaderIsAbsent() {
    assertThat(read(Map.of())).isNull();
  }

  private static @Nullable Duration read(Map<String, String> headers) {
    Map<String, List<String>> all = new java.util.HashMap<>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return RetryAfter.read(HttpHeaders.of(all, (name, value) -> true), NOW);
  }
}
