package io.millrace.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.launcher.config.MillraceConfig.Profile;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugins.PluginEntry;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.stages.plan.Deployment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every default and every key. */
class MillraceConfigTest {

  @Test
  void shouldHaveTheseDefaultsWhenNothingIsSaid() {
    MillraceConfig config = new ConfigLoader(Map.of()).withoutFile().config();
    assertThat(config)
        .isEqualTo(
            new MillraceConfig(
                Profile.DEVELOPMENT,
                Path.of(".millrace"),
                Map.of(),
                new MillraceConfig.Topics("millrace.", 4, (short) 1),
                new MillraceConfig.Embedded(9092, 8081),
                new MillraceConfig.Http("127.0.0.1", 8080, null, 0),
                new MillraceConfig.Auth(
                    false, null, null, Duration.ofMinutes(5), Duration.ofHours(1), null),
                new MillraceConfig.Home(HomeScope.TENANT, 2, Duration.ofHours(24), 0),
                new MillraceConfig.Stages(Deployment.FUSED, 1_000),
                new MillraceConfig.Workers(10, Duration.ofSeconds(30)),
                Map.of("simulated", ProviderSections.simulatedByDefault()),
                new MillraceConfig.Models(Map.of(), Map.of()),
                new MillraceConfig.PluginHost(Path.of("plugins"), List.of(), null, false),
                List.of(
                    plugin("logging"),
                    plugin("metrics"),
                    plugin("auth"),
                    plugin("rate-limit"),
                    plugin("budget"),
                    plugin("cache")),
                new MillraceConfig.Requests(
                    Duration.ofMinutes(10),
                    Duration.ofHours(24),
                    1_048_576,
                    "default",
                    "simulated"),
                new MillraceConfig.Analytics(
                    1,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    new MillraceConfig.ErrorRate(
                        0.05, 0.1, 20, Duration.ofMinutes(1), Duration.ofMinutes(1))),
                new MillraceConfig.Completions(false),
                new MillraceConfig.ReplyTopics(Set.of()),
                new MillraceConfig.Operations("127.0.0.1", 0),
                new MillraceConfig.Logging("info", "text"),
                new MillraceConfig.Routing("priority", Map.of(), Map.of(), 3),
                new MillraceConfig.Health(
                    5,
                    Duration.ofSeconds(1),
                    0.5,
                    0.9,
                    20,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5))));
  }

  @Test
  void shouldReadEveryKeyWhenItIsThere() {
    MillraceConfig config = new ConfigLoader(Map.of()).load(everyKey()).config();
    assertThat(config)
        .isEqualTo(
            new MillraceConfig(
                Profile.STAGING,
                Path.of("/data"),
                Map.of("bootstrap.servers", "kafka:9092"),
                new MillraceConfig.Topics("p.", 5, (short) 2),
                new MillraceConfig.Embedded(1, 2),
                new MillraceConfig.Http("h", 3, "ah", 4),
                new MillraceConfig.Auth(
                    false,
                    "0123456789abcdef0123456789abcdef",
                    "0123456789abcdef",
                    Duration.ofMinutes(27),
                    Duration.ofMinutes(28),
                    new MillraceConfig.Jwt(
                        "https://sso.example/keys",
                        "iss",
                        "aud",
                        "ten",
                        "tea",
                        "mod",
                        "lan",
                        Set.of("PS256"))),
                new MillraceConfig.Home(HomeScope.REQUEST, 6, Duration.ofHours(7), 1),
                new MillraceConfig.Stages(Deployment.SEPARATE, 7),
                new MillraceConfig.Workers(25, Duration.ofSeconds(90)),
                Map.of(
                    "sim",
                    ProviderSections.simulatedInFull(),
                    "oai",
                    ProviderSections.openAiInFull(),
                    "local",
                    ProviderSections.engineInFull(),
                    "ant",
                    ProviderSections.keyless(
                        "anthropic",
                        Map.of("base_url", "http://127.0.0.1:1/v1", "max_tokens_default", 104)),
                    "hug",
                    ProviderSections.keyless(
                        "huggingface",
                        Map.of("base_url", "http://127.0.0.1:1", "api", "text_generation")),
                    "azu",
                    ProviderSections.keyless(
                        "azure", Map.of("base_url", "http://127.0.0.1:1", "api_version", "v1")),
                    "own",
                    ProviderSections.keyless("mine", Map.of("x", 1))),
                new MillraceConfig.Models(
                    Map.of(
                        "fast",
                        List.of("oai/small"),
                        "any",
                        List.of("oai/small", "sim/m"),
                        "cheap",
                        List.of("oai/small", "sim/d")),
                    Map.of(
                        "cheap",
                        new MillraceConfig.AliasStrategy(
                            "least_cost", Map.of("min_accuracy", 0.25)))),
                new MillraceConfig.PluginHost(
                    Path.of("/plugins"), List.of("file:///srv/maven"), Path.of("/m2"), true),
                List.of(
                    new MillraceConfig.PluginSection(
                        "logging",
                        "builtin",
                        PluginEntry.Type.LOCAL,
                        JsonNodeFactory.instance.objectNode().put("sample", 1),
                        OnError.FAIL,
                        2,
                        false,
                        Set.of())),
                new MillraceConfig.Requests(
                    Duration.ofSeconds(19), Duration.ofSeconds(20), 2048, "t", "oai"),
                new MillraceConfig.Analytics(
                    2,
                    Duration.ofSeconds(21),
                    Duration.ofSeconds(22),
                    new MillraceConfig.ErrorRate(
                        0.01, 0.02, 23, Duration.ofMinutes(24), Duration.ofMinutes(25))),
                new MillraceConfig.Completions(true),
                new MillraceConfig.ReplyTopics(Set.of("replies")),
                new MillraceConfig.Operations("o", 26),
                new MillraceConfig.Logging("error", "json"),
                new MillraceConfig.Routing(
                    "least_cost",
                    Map.of("min_accuracy", 0.5),
                    Map.of("oai/*", List.of("sim/m", "fast")),
                    1),
                new MillraceConfig.Health(
                    43,
                    Duration.ofSeconds(44),
                    0.45,
                    0.46,
                    47,
                    Duration.ofSeconds(48),
                    Duration.ofSeconds(49),
                    Duration.ofSeconds(50),
                    Duration.ofSeconds(51),
                    Duration.ofSeconds(52))));
  }

  @Test
  void shouldNameEveryKeyOfTheSchemaInTheFullExample() throws Exception {
    JsonNode example = new YAMLMapper().readTree(Files.readString(everyKey()));
    Set<String> written = new TreeSet<>();
    collectNames(example, written);
    Set<String> published = new TreeSet<>();
    collectProperties(ConfigSchema.load().document(), published);
    assertThat(published).isNotEmpty();
    assertThat(written).containsAll(published);
  }

  private static MillraceConfig.PluginSection plugin(String name) {
    return new MillraceConfig.PluginSection(
        name, null, null, JsonNodeFactory.instance.objectNode(), null, null, true, Set.of());
  }

  private static void collectNames(JsonNode node, Set<String> names) {
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> collectNames(child, names));
  }

  private static void collectProperties(JsonNode schema, Set<String> names) {
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    schema.forEach(child -> collectProperties(child, names));
  }

  private static Path everyKey() {
    try {
      return Path.of(
          Objects.requireNonNull(MillraceConfigTest.class.getResource("every-key.yaml")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
