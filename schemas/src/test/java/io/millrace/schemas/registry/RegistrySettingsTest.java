package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.registry.RegistrySettings.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrySettingsTest {

  private static final String URL = "schema.registry.url";

  @Test
  void shouldHaveTheseDefaultsWhenOnlyTheUrlIsGiven() {
    assertThat(RegistrySettings.of(Map.of(URL, "http://a:1/, https://b/x/")))
        .isEqualTo(
            new RegistrySettings(
                List.of(
                    new Endpoint(URI.create("http://a:1"), Optional.empty()),
                    new Endpoint(URI.create("https://b/x"), Optional.empty())),
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                3,
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60)));
  }

  @Test
  void shouldReadEveryKeyWhenGivenWithPrefixOrWithout() {
    Map<String, Object> config = new HashMap<>();
    config.put(URL, "http://a:1");
    config.put("http.connect.timeout.ms", "1");
    config.put("schema.registry.http.read.timeout.ms", 2);
    config.put("max.retries", 3L);
    config.put("retries.wait.ms", "4");
    config.put("retries.max.wait.ms", "5");
    config.put("missing.id.cache.ttl.sec", "6");
    config.put("latest.cache.ttl.sec", "7");
    config.put("basic.auth.user.info", new Password("u:p"));
    assertThat(RegistrySettings.of(config))
        .isEqualTo(
            new RegistrySettings(
                List.of(new Endpoint(URI.create("http://a:1"), Optional.of("Basic dTpw"))),
                null,
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                3,
                Duration.ofMillis(4),
                Duration.ofMillis(5),
                Duration.ofSeconds(6),
                Duration.ofSeconds(7)));
  }

  @Test
  void shouldNotShowCredentialsWhenPrinted() {
    assertThat(RegistrySettings.of(Map.of(URL, "http://eve:s3cret@a:1")).toString())
        .contains("http://a:1")
        .doesNotContain("s3cret", "Basic");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          schema.registry.url           | ,                   | is not set
          schema.registry.url           | localhost:8081      | http://host:port
          schema.registry.url           | mock://x            | http://host:port
          schema.registry.url           | http://u:s3cret@a b | no URL
          schema.registry.url           | http://u:s3@cret@   | http://host:port
          max.retries                   | many                | max.retries must be a whole number, not many
          max.retries                   | -1                  | max.retries must be at least 0
          http.read.timeout.ms          | 0                   | http.read.timeout.ms must be at least 1
          basic.auth.user.info          | s3cret              | must be user:password
          basic.auth.credentials.source | USER_INFO           | must be user:password
          basic.auth.credentials.source | SASL_INHERIT        | sasl.jaas.config is not set
          basic.auth.credentials.source | FILE                | must be URL, USER_INFO or SASL_INHERIT, not FILE
          bearer.auth.credentials.source| OAUTHBEARER         | must be STATIC_TOKEN, not OAUTHBEARER
          bearer.auth.credentials.source| STATIC_TOKEN        | bearer.auth.token is not set
          schema.registry.ssl.endpoint.identification.algorithm | none | must be https
          """)
  void shouldSayWhichKeyWhenAValueIsWrong(String key, String value, String message) {
    Map<String, String> config = new HashMap<>(Map.of(URL, "http://a:1"));
    config.put(key, value);
    assertThatThrownBy(() -> RegistrySettings.of(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void shouldRefuseWhenTwoKindsOfCredentialsAreGiven() {
    assertThatThrownBy(
            () ->
                RegistrySettings.of(
                    Map.of(
                        URL, "http://a", "basic.auth.user.info", "u:p", "bearer.auth.token", "t")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not both");
  }

  @ParameterizedTest
  @CsvSource({
    "schema.registry.url, true",
    "schema.registry.ssl.truststore.location, true",
    "basic.auth.user.info, true",
    "bearer.auth.token, true",
    "auto.register.schemas, true",
    "value.subject.name.strategy, true",
    "max.retries, true",
    "retries, false",
    "bootstrap.servers, false",
    "ssl.truststore.location, false",
    "sasl.jaas.config, false"
  })
  void shouldTellItsKeysFromKafkas(String key, boolean registrys) {
    assertThat(RestSchemaRegistry.isRegistryKey(key)).isEqualTo(registrys);
  }
}
