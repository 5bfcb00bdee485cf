package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.analytics.AnalyticsConfig.ErrorRateSettings;
import io.millrace.analytics.AnalyticsConfig.WindowSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnalyticsConfigTest {

  @Test
  void shouldHaveTheDocumentedDefaults() {
    AnalyticsConfig config = AnalyticsConfig.defaults();

    assertThat(config.threads()).isEqualTo(1);
    assertThat(config.commitInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.windows())
        .isEqualTo(
            new WindowSettings(
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(5), 1_000, 20));
    assertThat(config.errorRate())
        .isEqualTo(
            new ErrorRateSettings(
                0.05,
                0.10,
                0.8,
                20,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(1)));
  }

  @Test
  void shouldChangeOnlyWhatIsAskedForWhenCopied() {
    AnalyticsConfig defaults = AnalyticsConfig.defaults();

    AnalyticsConfig moved = defaults.withStateDirectory(Path.of("elsewhere"));

    assertThat(moved.stateDirectory()).isEqualTo(Path.of("elsewhere"));
    assertThat(moved.withStateDirectory(defaults.stateDirectory())).isEqualTo(defaults);
  }

  @Test
  void shouldRefuseValuesOutOfBounds() {
    assertThatThrownBy(
            () ->
                new WindowSettings(
                    Duration.ofMinutes(11), Duration.ZERO, Duration.ofSeconds(1), 1, 1))
        .hasMessage("grace must be at most 10 minutes, not PT11M");
    assertThatThrownBy(
            () -> new WindowSettings(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), 0, 1))
        .hasMessage("maxSeries must be at least 1, not 0");
    assertThatThrownBy(
            () ->
                new ErrorRateSettings(
                    0.2,
                    0.1,
                    0.8,
                    20,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(1)))
        .hasMessage("thresholds must be 0 < warning <= critical <= 1, not 0.2, 0.1");
    assertThatThrownBy(
            () ->
                new ErrorRateSettings(
                    0.1, 0.1, 0.8, 20, Duration.ZERO, Duration.ofMinutes(1), Duration.ofSeconds(1)))
        .hasMessage("window must be at least 1 ms, not PT0S");
  }
}
