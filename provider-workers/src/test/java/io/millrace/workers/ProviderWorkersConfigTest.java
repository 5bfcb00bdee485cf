package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.model.TokenPrice;
import io.millrace.workers.gate.CallControls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProviderWorkersConfigTest {

  @Test
  void shouldHaveTheseDefaults() {
    assertThat(ProviderWorkersConfig.defaults())
        .isEqualTo(
            new ProviderWorkersConfig(
                Map.of("simulated", ProviderSetting.of("simulated")),
                "worker-" + ProcessHandle.current().pid(),
                10,
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                500,
                50_000,
                4_096,
                Duration.ofMillis(20),
                Set.of()));
  }

  @Test
  void shouldHaveTheseDefaultsForAProvider() {
    assertThat(ProviderSetting.of("openai"))
        .isEqualTo(
            new ProviderSetting(
                "openai",
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                1_000,
                Duration.ofSeconds(60),
                new RetrySetting(2, Duration.ofMillis(500), Duration.ofSeconds(5)),
                Duration.ofMinutes(5),
                CallControls.defaults()));
    assertThat(ApiKeySetting.of("main", "k"))
        .isEqualTo(new ApiKeySetting("main", "k", List.of(), 1));
  }

  @Test
  void shouldNameTheFaultWhenAValueIsOutOfBounds() {
    ProviderSetting setting = ProviderSetting.of("openai");
    assertThatThrownBy(() -> setting.withMaxInFlight(0))
        .hasMessage("maxInFlight must be at least 1, is 0");
    assertThatThrownBy(() -> setting.withTimeout(Duration.ZERO)).hasMessageContaining("timeout");
    assertThatThrownBy(
            () -> setting.withKeys(List.of(ApiKeySetting.of("a", "1"), ApiKeySetting.of("a", "2"))))
        .hasMessage("two keys are named a");
    assertThatThrownBy(() -> new ApiKeySetting("a", "secret", List.of(), 0))
        .hasMessage("key a: weight must be more than 0, is 0.0");
    assertThatThrownBy(() -> ApiKeySetting.of("a", " ")).hasMessage("key a is blank");
    assertThatThrownBy(() -> new RetrySetting(21, Duration.ZERO, Duration.ZERO))
        .hasMessage("maxRetries must be 0 to 20, is 21");
    assertThatThrownBy(() -> ProviderWorkersConfig.defaults().withProviders(Map.of()))
        .hasMessageContaining("name at least one");
    assertThatThrownBy(() -> ProviderWorkersConfig.defaults().withMaxMetadataCharacters(63))
        .hasMessage("maxMetadataCharacters must be 64 to 1048576, is 63");
  }

  @Test
  void shouldNotShowSecretsWhenPrinted() {
    ProviderWorkersConfig config =
        ProviderWorkersConfig.defaults()
            .withProviders(
                Map.of(
                    "p",
                    ProviderSetting.of("openai")
                        .withKeys(List.of(ApiKeySetting.of("main", "sk-secret")))
                        .withSettings(Map.of("headers", Map.of("x-auth", "sk-secret")))));
    assertThat(config.toString()).contains("main", "headers").doesNotContain("sk-secret");
  }

  @Test
  void shouldCountCostInNanoDollars() {
    TokenPrice price = new TokenPrice(150, 600);
    assertThat(price.costNanos(io.millrace.plugin.model.Usage.of(1_000, 10))).isEqualTo(156_000);
    assertThat(price.costNanos(io.millrace.plugin.model.Usage.of(Long.MAX_VALUE, 10)))
        .isEqualTo(Long.MAX_VALUE);
  }
}
