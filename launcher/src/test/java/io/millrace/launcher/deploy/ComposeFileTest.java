package io.millrace.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.cli.Main;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.kafka.KafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine.ParseResult;

/** The containers' files agree with each other and with the program. */
class ComposeFileTest {

  /** Maven runs tests in the module's folder, one below the repository's. */
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> CONDITIONS =
      Set.of("service_healthy", "service_completed_successfully", "service_started");

  private final JsonNode compose = yaml("docker-compose.yml");
  private final JsonNode services = compose.get("services");
  private final MillraceConfig config =
      new ConfigLoader(Map.of("HOSTNAME", "container"))
          .load(ROOT.resolve("docker/millrace.yaml"))
          .config();

  @Test
  void shouldRunEachRoleInAContainerOfItsOwn() {
    for (Role role : Role.values()) {
      assertThat(command(role.toString())).startsWith("run", role.toString());
    }
    assertThat(ourServices())
        .containsExactlyInAnyOrder("topics", "ingest", "hooks", "providers", "analytics");
  }

  @Test
  void shouldOnlyUseCommandsAndOptionsThatExist() {
    for (String service : ourServices()) {
      ParseResult parsed = Main.commandLine().parseArgs(command(service).toArray(String[]::new));
      assertThat(parsed.subcommand()).as(service).isNotNull();
    }
    assertThat(command("topics")).startsWith("topics", "create");
  }

  @Test
  void shouldStartInAnOrderThatExists() {
    for (String service : names(services)) {
      JsonNode dependencies = service(service).path("depends_on");
      List<String> named =
          dependencies.isArray()
              ? texts(dependencies)
              : dependencies.isObject() ? names(dependencies) : List.of();
      assertThat(names(services)).as(service).containsAll(named);
      dependencies.forEach(
          dependency -> {
            if (dependency.isObject()) {
              assertThat(CONDITIONS).contains(dependency.path("condition").asText());
            }
          });
    }
    for (Role role : Role.values()) {
      JsonNode after = service(role.toString()).path("depends_on");
      assertThat(after.at("/topics/condition").asText())
          .isEqualTo("service_completed_successfully");
      assertThat(after.at("/kafka/condition").asText()).isEqualTo("service_healthy");
      assertThat(after.at("/registry/condition").asText()).isEqualTo("service_healthy");
    }
  }

  @Test
  void shouldOnlyMountWhatIsThere() {
    List<String> volumes = names(compose.get("volumes"));
    for (String service : names(services)) {
      for (String mount : texts(service(service).path("volumes"))) {
        String source = mount.substring(0, mount.indexOf(':'));
        if (source.startsWith("./")) {
          assertThat(ROOT.resolve(source)).as(service).exists();
        } else {
          assertThat(volumes).as(service).contains(source);
        }
      }
    }
  }

  @Test
  void shouldReachTheServersThatItStarts() {
    String kafka = config.kafka().get("bootstrap.servers");
    assertThat(services.at("/kafka/environment/KAFKA_ADVERTISED_LISTENERS").asText())
        .contains("INSIDE://" + kafka + ",");
    assertThat(services.at("/registry/environment/APICURIO_KAFKASQL_BOOTSTRAP_SERVERS").asText())
        .isEqualTo(kafka);
    assertThat(config.kafka().get(KafkaConnection.SCHEMA_REGISTRY_URL))
        .isEqualTo("http://registry:8080/apis/ccompat/v7");
  }

  @Test
  void shouldProbeAndScrapeThePortsThatAnswer() {
    JsonNode jobs = yaml("docker/prometheus/prometheus.yml").get("scrape_configs");
    for (Role role : Role.values()) {
      int port = role == Role.INGEST ? config.http().port() : config.operations().port();
      String name = role.toString();
      assertThat(texts(service(name).at("/healthcheck/test")))
          .as(name)
          .containsExactly("CMD", "/opt/millrace/probe", Integer.toString(port), "/readyz");
      JsonNode job =
          StreamSupport.stream(jobs.spliterator(), false)
              .filter(entry -> entry.get("job_name").asText().equals(name))
              .findFirst()
              .orElseThrow();
      assertThat(job.at("/dns_sd_configs/0/names/0").asText()).isEqualTo(name);
      assertThat(job.at("/dns_sd_configs/0/port").asInt()).as(name).isEqualTo(port);
    }
    assertThat(config.http().host()).isEqualTo("0.0.0.0");
    assertThat(config.operations().host()).isEqualTo("0.0.0.0");
  }

  @Test
  void shouldHoldNoSecret() throws IOException {
    String text = Files.readString(ROOT.resolve("docker-compose.yml"));
    assertThat(text).doesNotContainPattern("(?i)(api_key|token|secret)[^:\n]*:[ ]*[^\\s$#]");
    assertThat(services.at("/grafana/environment/GF_SECURITY_ADMIN_PASSWORD").asText())
        .startsWith("${");
  }

  @Test
  void shouldPublishPortsOnThisMachineOnly() {
    for (String service : names(services)) {
      assertThat(texts(service(service).path("ports")))
          .as(service)
          .allMatch(port -> port.startsWith("127.0.0.1:"));
    }
  }

  private List<String> ourServices() {
    return names(services).stream()
        .filter(service -> service(service).path("image").asText().equals("millrace"))
        .toList();
  }

  private List<String> command(String service) {
    return texts(service(service).path("command"));
  }

  private JsonNode service(String name) {
    return services.get(name);
  }

  /** SnakeYAML resolves anchors and merge keys, as Compose does; Jackson alone does not. */
  private static JsonNode yaml(String file) {
    try {
      return JSON.valueToTree(new Yaml().load(Files.readString(ROOT.resolve(file))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(JsonNode object) {
    return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
