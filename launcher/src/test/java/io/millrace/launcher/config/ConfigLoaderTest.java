package io.millrace.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.plugins.PluginEntry;
import io.millrace.plugins.schema.ConfigFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is read of a configuration, and what is shown of it. */
class ConfigLoaderTest extends ConfigFixture {

  private static final String SECRET = "sk-not-to-be-shown";

  @Test
  void shouldSaySoWhenThereIsNoFile() {
    ConfigException failure =
        catchThrowableOfType(
            ConfigException.class,
            () -> new ConfigLoader(Map.of()).load(folder.resolve("missing.yaml")));
    assertThat(failure).hasMessageContainingAll("missing.yaml", "no such file", "--config");
  }

  @Test
  void shouldTakeTextNumbersAndSwitchesFromTheEnvironment() throws IOException {
    MillraceConfig config =
        load(
                """
                http: {port: env.PORT, host: env.HOST}
                completions: {json_mirror: env.MIRROR}
                analytics: {error_rate: {warning: env.RATE}}
                providers: {mock: {type: simulated, models: [env.MODEL]}}
                """,
                Map.of("PORT", "1234", "HOST", "h", "MIRROR", "true", "RATE", "0.01", "MODEL", "7"))
            .config();
    assertThat(config.http().port()).isEqualTo(1234);
    assertThat(config.http().host()).isEqualTo("h");
    assertThat(config.completions().jsonMirror()).isTrue();
    assertThat(config.analytics().errorRate().warning()).isEqualTo(0.01);
    assertThat(provider(config, "mock").models()).containsExactly("7");
  }

  @Test
  void shouldSayWhatIsWantedWhenAVariableHoldsAnotherType() throws IOException {
    Path file = write("millrace.yaml", "http: {port: env.PORT}");
    ConfigException failure =
        catchThrowableOfType(
            ConfigException.class, () -> new ConfigLoader(Map.of("PORT", "many")).load(file));
    assertThat(failure.faults())
        .containsExactly(new ConfigFault("http.port", "must be a whole number, is 'many'"));
  }

  @Test
  void shouldMaskSecretsWhenShown() throws IOException {
    LoadedConfig loaded =
        load(
            """
            kafka:
              bootstrap.servers: k:9092
              ssl.keystore.password: %1$s
              sasl.jaas.config: 'x required password="%1$s";'
              basic.auth.user.info: u:%1$s
            providers:
              one: {type: openai, keys: [{name: a, value: %1$s}], headers: {x-api-key: %1$s}}
              two: {type: openai, keys: [{value: env.KEY}]}
            """
                .formatted(SECRET),
            Map.of("KEY", SECRET));
    assertThat(loaded.shown().toString())
        .doesNotContain(SECRET)
        .contains("env.KEY", "********", "k:9092");
    assertThat(loaded.config().toString()).contains("one").doesNotContain("value=" + SECRET);
    assertThat(provider(loaded.config(), "two").keys().getFirst().value()).isEqualTo(SECRET);
  }

  @Test
  void shouldMaskTheKeysWhenTheyCameWithoutAFile() {
    LoadedConfig loaded =
        new ConfigLoader(
                Map.of(
                    "OPENAI_API_KEY",
                    SECRET,
                    "ANTHROPIC_API_KEY",
                    SECRET + "2",
                    "HF_TOKEN",
                    SECRET + "3",
                    "GROQ_API_KEY",
                    "x"))
            .withoutFile();
    assertThat(loaded.shown().toString()).doesNotContain(SECRET);
    assertThat(loaded.config().providers().keySet())
        .containsExactly("simulated", "openai", "anthropic", "huggingface");
    assertThat(loaded.config().requests().defaultProvider()).isEqualTo("simulated");
  }

  @Test
  void shouldPreferTheFileWhenTheProfileSaysOtherwise() throws IOException {
    MillraceConfig config =
        load("profile: production\ntopics: {partitions: 3}\n", Map.of()).config();
    assertThat(config.topics().partitions()).isEqualTo(3);
    assertThat(config.topics().replicationFactor()).isEqualTo((short) 3);
    assertThat(config.logging().format()).isEqualTo("json");
    assertThat(config.http().host()).isEqualTo("0.0.0.0");
  }

  @Test
  void shouldReadTheSameFromJson() throws IOException {
    Path file = write("millrace.json", "{\"http\": {\"port\": 1}}");
    assertThat(new ConfigLoader(Map.of()).load(file).config().http().port()).isEqualTo(1);
    assertThat(ConfigLoader.find(folder)).contains(file);
  }

  @Test
  void shouldReadPluginsFromHereAndElsewhereWithTheirVariables() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("config.json"),
            """
            {
              "plugins": [
                {
                  "name": "tracing",
                  "source": "com.example:tracing-plugin:1.0.0",
                  "type": "remote",
                  "config": {
                    "api_key": "env.TRACING_API_KEY",
                    "log_repo_id": "env.TRACING_LOG_REPO_ID"
                  }
                },
                {
                  "name": "custom-plugin",
                  "source": "./local-plugins/custom",
                  "type": "local",
                  "config": {"setting": "value"}
                }
              ]
            }
            """);
    List<MillraceConfig.PluginSection> plugins =
        new ConfigLoader(Map.of("TRACING_API_KEY", "k", "TRACING_LOG_REPO_ID", "7"))
            .load(file)
            .config()
            .plugins();
    assertThat(plugins.getFirst().source()).isEqualTo("com.example:tracing-plugin:1.0.0");
    assertThat(plugins.getFirst().type()).isEqualTo(PluginEntry.Type.REMOTE);
    assertThat(plugins.getFirst().config().get("api_key").asText()).isEqualTo("k");
    assertThat(plugins.getFirst().fromEnvironment())
        .containsExactlyInAnyOrder("api_key", "log_repo_id");
    assertThat(plugins.getLast().source()).isEqualTo("./local-plugins/custom");
    assertThat(plugins.getLast().type()).isEqualTo(PluginEntry.Type.LOCAL);
    assertThatThrownBy(() -> new ConfigLoader(Map.of("TRACING_API_KEY", "k")).load(file))
        .hasMessageContaining(
            "plugins[0].config.log_repo_id: environment variable TRACING_LOG_REPO_ID is not set");
  }

  @Test
  void shouldDoWithoutSecretsOfProvidersAndPluginsWhenItIsAClients() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("client.yaml"),
            """
            providers: {p: {type: openai, keys: [{name: k, value: env.P_KEY}]}}
            plugins: [{name: metrics, config: {x: env.X_KEY}}]
            auth: {secret: env.AUTH_SECRET}
            """);
    Map<String, String> nothingElse = Map.of("AUTH_SECRET", "s".repeat(64));
    MillraceConfig config = ConfigLoader.ofClient(nothingElse).load(file).config();
    assertThat(config.providers()).containsKey("p");
    assertThat(config.auth().secret()).isEqualTo("s".repeat(64));
    assertThatThrownBy(() -> new ConfigLoader(nothingElse).load(file))
        .hasMessageContainingAll("P_KEY is not set", "X_KEY is not set");
    assertThatThrownBy(() -> ConfigLoader.ofClient(Map.of()).load(file))
        .hasMessageContaining("auth.secret: environment variable AUTH_SECRET is not set");
  }

  @Test
  void shouldAllowSettingsOfPluggedInClassesWhenPassedToKafka() throws IOException {
    MillraceConfig config =
        load(
                "kafka: {com.example.token.endpoint: x, producer.linger.ms: 3, sasl.mechanism:"
                    + " PLAIN}",
                Map.of())
            .config();
    assertThat(config.kafka())
        .containsEntry("com.example.token.endpoint", "x")
        .containsEntry("producer.linger.ms", "3");
  }

  @Test
  void shouldMakeTheFirstProviderThatTakesPartTheDefault() throws IOException {
    MillraceConfig config =
        load("providers: {off: {type: simulated, enabled: false}, on: {type: simulated}}", Map.of())
            .config();
    assertThat(config.requests().defaultProvider()).isEqualTo("on");
  }

  private static ProviderSection provider(MillraceConfig config, String name) {
    return Objects.requireNonNull(config.providers().get(name));
  }
}
