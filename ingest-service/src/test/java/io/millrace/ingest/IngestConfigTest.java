package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.access.AccessSettings;
import io.millrace.ingest.access.JwtSettings;
import io.millrace.schemas.topic.HomeScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IngestConfigTest {

  @Test
  void shouldHaveTheseDefaultsWhenNothingIsConfigured() {
    HttpSettings http =
        new HttpSettings(
            "127.0.0.1", 8080, null, 0, 10_000, Duration.ofSeconds(2), Duration.ofSeconds(30));
    AdmissionLimits limits =
        new AdmissionLimits(
            "default", Duration.ofMinutes(10), Duration.ofHours(24), 1024 * 1024, 4096, 16);
    StreamsSettings streams =
        new StreamsSettings(
            "millrace-ingest",
            Path.of(".millrace", "ingest"),
            1,
            0,
            Duration.ofDays(7),
            Duration.ofSeconds(2));

    assertThat(IngestConfig.defaults())
        .isEqualTo(
            new IngestConfig(
                http,
                limits,
                streams,
                HomeScope.TENANT,
                Duration.ofSeconds(10),
                AccessSettings.open(),
                List.of()));
  }

  @Test
  void shouldChangeOnlyThatPartWhenOneIsReplaced() {
    IngestConfig defaults = IngestConfig.defaults();
    HttpSettings http =
        HttpSettings.defaults()
            .withAddress("0.0.0.0", 0)
            .withAdvertised("ingest-1", 80)
            .withMaxWaiters(5)
            .withTimes(Duration.ZERO, Duration.ofSeconds(1));
    AccessSettings access = AccessSettings.open().withJwt(JwtSettings.of("keys.json"));
    List<ModelInfo> models = List.of(new ModelInfo("sim/echo", "sim"));

    IngestConfig changed =
        defaults
            .withHttp(http)
            .withModels(models)
            .withHomeScope(HomeScope.REQUEST)
            .withDeliveryTimeout(Duration.ofSeconds(3))
            .withAccess(access);

    assertThat(changed)
        .isEqualTo(
            new IngestConfig(
                new HttpSettings(
                    "0.0.0.0", 0, "ingest-1", 80, 5, Duration.ZERO, Duration.ofSeconds(1)),
                defaults.admission(),
                defaults.streams(),
                HomeScope.REQUEST,
                Duration.ofSeconds(3),
                access,
                models));
  }

  @Test
  void shouldRefuseWhenASettingIsOutOfBounds() {
    HttpSettings http = HttpSettings.defaults();
    AdmissionLimits limits = AdmissionLimits.defaults();
    StreamsSettings streams = StreamsSettings.defaults();

    assertThatThrownBy(() -> http.withAddress("h", 65_536)).hasMessageContaining("ports");
    assertThatThrownBy(() -> http.withMaxWaiters(0)).hasMessageContaining("maxWaiters");
    assertThatThrownBy(() -> limits.withDefaultTenant("a/b")).hasMessageContaining("\"a/b\"");
    assertThatThrownBy(() -> limits.withDefaultTimeout(Duration.ZERO))
        .hasMessageContaining("defaultTimeout");
    assertThatThrownBy(() -> limits.withMaxTimeout(Duration.ofSeconds(1)))
        .hasMessageContaining("maxTimeout");
    assertThatThrownBy(() -> limits.withMaxRequestBytes(0)).hasMessageContaining("maxRequestBytes");
    assertThatThrownBy(() -> streams.withScale(0, 0)).hasMessageContaining("threads");
    assertThatThrownBy(() -> streams.withResultRetention(Duration.ofSeconds(1)))
        .hasMessageContaining("resultRetention");
    assertThatThrownBy(() -> AccessSettings.open().asRequired()).hasMessageContaining("secret");
    assertThatThrownBy(() -> IngestConfig.defaults().withDeliveryTimeout(Duration.ofMillis(10)))
        .hasMessageContaining("deliveryTimeout");
  }
}
