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
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

  private static final String SECRET = "sk-not-to-be-shown";

  @TempDir private Path folder;

  @Test
  void shouldReportEveryFaultWhenThereAreMany() throws IOException {
    assertThat(
            faults(
                """
                profile: prod
                topcs: {}
                kafka: {boostrap.servers: "x:1"}
                http: {port: 99999, host: 5}
                requests: {default_timeout: 5 minutes}
                plugins: [{nme: logging}]
                providers:
                  openai: {type: openai, base_url: "ftp://x", keys: [{value: env.NOPE, wieght: 3}]}
                """))
        .containsExactlyInAnyOrder(
            "profile: 'prod' is none of development, staging, production; did you mean"
                + " 'production'?",
            "topcs: unknown key; did you mean 'topics'?",
            "kafka.boostrap.servers: unknown Kafka client setting; did you mean"
                + " 'bootstrap.servers'?",
            "http.port: must be at most 65535, is 99999",
            "http.host: must be a string, is 5",
            "requests.default_timeout: '5 minutes' is not valid here; for example: 250ms, 30s, 5m,"
                + " 24h",
            "plugins[0].nme: unknown key; did you mean 'name'?",
            "plugins[0].name: is missing",
            "providers.openai.base_url: 'ftp://x' is not valid here; for example:"
                + " https://api.openai.com/v1, http://127.0.0.1:11434/v1",
            "providers.openai.keys[0].wieght: unknown key; did you mean 'weight'?",
            "providers.openai.keys[0].value: environment variable NOPE is not set: export it, or"
                + " write the value here");
  }

  @Test
  void shouldReportWhatDoesNotFitTogether() throws IOException {
    assertThat(
            faults(
                """
                requests: {default_timeout: 2h, max_timeout: 1h, default_provider: opnai}
                models: {aliases: {fast: nobody/small}}
                plugins: [{name: logging}, {name: logging}]
                analytics: {grace: 11m, error_rate: {warning: 0.5, critical: 0.2}}
                providers:
                  openai: {type: openai, latency_ms: 5, retries: {initial_backoff: 9s}}
                  mock: {type: simulated, base_url: "http://x", keys: [{value: a}]}
                  Big: {type: simulated}
                """))
        .containsExactlyInAnyOrder(
            "requests.default_timeout: is longer than requests.max_timeout (1h): lower it, or"
                + " raise that",
            "requests.default_provider: 'opnai' is not under providers; did you mean 'openai'?",
            "models.aliases.fast: 'nobody' is not under providers; known: Big, mock, openai",
            "plugins[1].name: 'logging' is there twice: remove one",
            "analytics.grace: must be at most 10m",
            "analytics.error_rate.warning: is above critical: a warning comes first",
            "providers.openai.latency_ms: is for providers of type simulated, this one is openai:"
                + " remove it",
            "providers.openai.keys: is empty: add {value: env.OPENAI_API_KEY}, or the base_url of a"
                + " server that needs none",
            "providers.openai.retries.initial_backoff: is longer than max_backoff: lower it, or"
                + " raise that",
            "providers.mock.base_url: is for providers of type openai, anthropic, huggingface,"
                + " azure, groq, mistral, openrouter, vllm, ollama, llamacpp, this one is"
                + " simulated: remove it",
            "providers.mock.keys: is of no use to a simulated provider: remove it, or change type",
            "providers.Big: is no provider name: lower case letters, digits, - and _; it is part of"
                + " topic names");
  }

  @Test
  void shouldReportWhatDoesNotFitTogetherInHowAProviderIsCalled() throws IOException {
    assertThat(
            faults(
                """
                providers:
                  mock:
                    type: simulated
                    timeouts: {m: 0s}
                    circuit: {window: 2h, open_for: 3m, recovery_step: 0ms}
                    hedge: {after: 0ms}
                """))
        .containsExactlyInAnyOrder(
            "providers.mock.timeouts.m: must be at least 1ms",
            "providers.mock.circuit.window: must be at most 1h",
            "providers.mock.circuit.open_for: is longer than max_open_for: lower it, or raise that",
            "providers.mock.circuit.recovery_step: must be at least 1ms",
            "providers.mock.hedge.after: must be at least 1ms");
  }

  @Test
  void shouldMissTheModelsOfAnEngine() throws IOException {
    assertThat(faults("providers: {local: {type: engine}}"))
        .containsExactly(
            "providers.local.model_files: is missing: name a model, with path or resource");
  }

  @Test
  void shouldReportWhatWouldMakeCredentialsWorthless() throws IOException {
    assertThat(
            faults(
                """
                home: {dedup_window: 1h}
                plugins: [{name: logging}]
                auth:
                  required: true
                  clock_skew: 2h
                  jwt: {jwks: "http://sso.example/keys"}
                """))
        .containsExactlyInAnyOrder(
            "auth.clock_skew: must be at most 1h",
            "auth.signature_max_age: must be positive and, with clock_skew, less than"
                + " home.dedup_window (1h): a signed record could be sent again when its id is"
                + " forgotten",
            "auth.jwt.jwks: must be an https address: who changes it on its way signs tokens",
            "auth.required: is true, but the chain has no auth hook to ask what a key may do: add"
                + " {name: auth} to plugins");
    assertThat(faults("auth: {secret: short, jwt: {jwks: f, algorithms: [HS256]}}"))
        .anyMatch(fault -> fault.startsWith("auth.secret: "))
        .anyMatch(fault -> fault.startsWith("auth.jwt.algorithms[0]: 'HS256' is none of"))
        .noneMatch(fault -> fault.contains("short'"));
  }

  @Test
  void shouldSayWhereWhenTheFileIsNotYaml() throws IOException {
    assertThat(faults("http:\n  port: [1\nkafka: {}\n"))
        .singleElement()
        .asString()
        .contains("line");
    assertThat(faults("http: {port: 1}\nhttp: {port: 2}\n"))
        .singleElement()
        .asString()
        .contains("http");
    assertThat(faults("- a list")).containsExactly("must be a section with keys at its top");
  }

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
  void shouldNameTheKeyThatIsMissingForEachType() throws IOException {
    assertThat(
            faults(
                """
                providers:
                  a: {type: anthropic, api: chat}
                  h: {type: huggingface, api: text_generation, cut_rate: 0.1}
                  z: {type: azure, keys: [{value: k}], api_version: v1}
                  v: {type: vllm, idle_timeout_ms: 1000}
                """))
        .containsExactlyInAnyOrder(
            "providers.a.keys: is empty: add {value: env.ANTHROPIC_API_KEY}, or the base_url of a"
                + " server that needs none",
            "providers.a.api: is for providers of type huggingface, this one is anthropic: remove"
                + " it",
            "providers.h.keys: is empty: add {value: env.HF_TOKEN}, or the base_url of a server"
                + " that needs none",
            "providers.h.cut_rate: is for providers of type simulated, this one is huggingface:"
                + " remove it",
            "providers.z.base_url: is missing: set the resource's, like"
                + " https://NAME.openai.azure.com");
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

  private static ProviderSection provider(MillraceConfig config, String name) {
    return Objects.requireNonNull(config.providers().get(name));
  }

  @Test
  void shouldReportEveryFaultOfRoutingAndHealth() throws IOException {
    assertThat(
            faults(
                """
                providers:
                  one: {type: simulated, enabled: false, models: [m, {name: m}]}
                  az: {type: azure, base_url: "http://127.0.0.1:1", discover_models: true}
                requests: {default_provider: one}
                models:
                  aliases:
                    a: [one/m, tow/m]
                    b: tow/m
                    c: {models: [tow/m], settings: {x: 1}}
                routing: {fallbacks: {"one/*": [tow/m, bare]}}
                health: {down_below: 0.95, step: 0s, retry_after: 11m}
                """))
        .hasSize(11)
        .anyMatch(fault -> fault.startsWith("models.aliases.c.models[0]: 'tow' is not under"))
        .anyMatch(fault -> fault.startsWith("models.aliases.c.settings: is for the alias's own"))
        .anyMatch(fault -> fault.startsWith("providers.az.discover_models: cannot be had from"))
        .anyMatch(fault -> fault.startsWith("requests.default_provider: 'one' is switched off"))
        .anyMatch(fault -> fault.startsWith("providers.one.models[1]: 'm' is there twice"))
        .anyMatch(fault -> fault.startsWith("models.aliases.a[1]: 'tow' is not under providers"))
        .anyMatch(fault -> fault.startsWith("models.aliases.b: 'tow' is not under providers"))
        .anyMatch(fault -> fault.contains("one/*") && fault.contains("'tow'"))
        .anyMatch(fault -> fault.startsWith("health.down_below: is above degraded_below"))
        .anyMatch(fault -> fault.startsWith("health.step: must be more than 0"))
        .anyMatch(fault -> fault.startsWith("health.retry_after: must be at most 10m"));
  }

  @Test
  void shouldMakeTheFirstProviderThatTakesPartTheDefault() throws IOException {
    MillraceConfig config =
        load("providers: {off: {type: simulated, enabled: false}, on: {type: simulated}}", Map.of())
            .config();
    assertThat(config.requests().defaultProvider()).isEqualTo("on");
  }

  private List<String> faults(String yaml) throws IOException {
    Path file = write("millrace.yaml", yaml);
    ConfigException failure =
        catchThrowableOfType(ConfigException.class, () -> new ConfigLoader(Map.of()).load(file));
    assertThat(failure.source()).isEqualTo(file.toString());
    return failure.faults().stream().map(ConfigFault::toString).toList();
  }

  private LoadedConfig load(String yaml, Map<String, String> environment) throws IOException {
    return new ConfigLoader(environment).load(write("millrace.yaml", yaml));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
