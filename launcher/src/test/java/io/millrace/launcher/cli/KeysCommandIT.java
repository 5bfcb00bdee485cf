package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.keys.KeyAdministration;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.Role;
import io.millrace.launcher.pipeline.RunningPipeline;
import io.millrace.schemas.access.AuthSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Keys on the command line, against a pipeline that runs from the same folder. */
@ResourceLock(value = "logging", mode = ResourceAccessMode.READ)
class KeysCommandIT {

  private static final String REQUIRED =
      "auth: {required: true}\nplugins: [{name: auth}]\nembedded: {kafka_port: 0}\n";

  @TempDir private Path folder;

  @Test
  void shouldMakeListRotateAndRevokeKeysOfARunningPipeline() throws Exception {
    Path file = Files.writeString(folder.resolve("millrace.yaml"), REQUIRED);
    MillraceConfig config = new ConfigLoader(Map.of()).load(file).config();
    try (LocalPipeline pipeline = start(config, EnumSet.allOf(Role.class))) {
      CommandRun made = keys("create", "shop", "--tenant", "acme", "--signing", "--lane", "batch");
      assertThat(made.err()).isEmpty();
      assertThat(made.out())
          .contains("tenant:      acme", "api key:     mr_", "signing key: mrs_", "only this once");
      JsonNode listed = json(keys("list", "--json")).get("keys");
      assertThat(listed).hasSize(1);
      String id = listed.get(0).get("id").asText();
      String table = keys("list").out();
      assertThat(table).contains(id, "shop", "acme", "active", "batch", "never");
      assertThat(table + listed).doesNotContain("mr_").doesNotContain("hash");

      JsonNode rotated = json(keys("rotate", id, "--grace", "1h", "--json"));
      assertThat(rotated.get("api_key").asText()).startsWith("mr_" + id);
      assertThat(json(keys("show", id)).get("secrets")).hasSize(2);
      assertThat(keys("rotate", id, "--grace", "31d").err())
          .contains("grace: must be 0 to 30 days");
      assertThat(keys("revoke", id).out()).contains("revoked: " + id);
      assertThat(json(keys("show", id)).get("status").asText()).isEqualTo("revoked");
      assertThat(keys("rotate", id).err()).contains("is revoked or has ended");
      assertThat(keys("show", "nobody").err()).contains("there is no key 'nobody'");
      for (String command : List.of("show", "rotate", "revoke")) {
        assertThat(keys(command, "shop").err()).contains("'shop' is a name", "say the id: " + id);
      }
      assertThat(keys("create", "x", "--tenant", "a/b").err()).contains("tenant: 'a/b' is not");
      assertThat(keys("create", "x", "--tenant", "a", "--lane", "fast").err())
          .contains("lanes: 'fast' is not interactive, standard or batch");
      assertThat(keys("create", "x", "--tenant", "a", "--expires-in", "soon").err())
          .contains("--expires-in: 'soon' is not a duration");

      assertThat(CommandRun.of(words("request", "send", "Hello")))
          .satisfies(sent -> assertThat(sent.err()).isEmpty())
          .satisfies(sent -> assertThat(sent.exitCode()).isZero());
      assertARevocationIsNeverUndone(pipeline, config);
    }
  }

  @Test
  void shouldSayWhatIsMissing() {
    assertThat(CommandRun.of("keys").err()).contains("create, list, revoke, rotate, show");
    CommandRun elsewhere =
        CommandRun.of(
            words(
                "keys",
                "list",
                "--bootstrap-servers",
                "127.0.0.1:1",
                "--schema-registry",
                "http://127.0.0.1:1"));
    assertThat(elsewhere.exitCode()).isEqualTo(1);
    assertThat(elsewhere.err()).contains("set auth.secret to env.NAME");
  }

  /** Rotations that began before a revocation must not write what was before it. */
  private void assertARevocationIsNeverUndone(LocalPipeline pipeline, MillraceConfig config)
      throws Exception {
    AuthSecret secret = AuthSecret.of(Files.readString(folder.resolve("data/auth-secret")));
    JsonNode made = json(keys("create", "contended", "--tenant", "acme", "--json"));
    String id = made.at("/key/id").asText();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(threads.submit(() -> change(pipeline, config, secret, id, false)));
      }
      all.add(threads.submit(() -> change(pipeline, config, secret, id, true)));
      for (Future<?> each : all) {
        each.get();
      }
    }
    JsonNode after = json(keys("show", id));
    if (!after.get("status").asText().equals("revoked")) {
      // The revocation itself may have given up; then it said so, and is to be given again.
      keys("revoke", id);
    }
    assertThat(json(keys("show", id)).get("status").asText()).isEqualTo("revoked");
  }

  private static void change(
      LocalPipeline pipeline, MillraceConfig config, AuthSecret secret, String id, boolean revoke) {
    try (KeyAdministration keys =
        KeyAdministration.open(pipeline.connection(), config.topicCatalogue(), secret)) {
      if (revoke) {
        keys.revoke(id);
        assertThat(keys.show(id).getRevokedAtMillis()).isNotNull();
      } else {
        keys.rotate(id, Duration.ZERO);
      }
    } catch (KafkaException | IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("mr_");
    }
  }

  private LocalPipeline start(MillraceConfig config, EnumSet<Role> roles) {
    Path data = folder.resolve("data");
    LocalPipeline pipeline =
        LocalPipeline.start(LocalPipelineConfig.onFreePorts(config, data), roles, step -> {});
    new RunningPipeline(
            ProcessHandle.current().pid(),
            pipeline.connection().bootstrapServers(),
            pipeline.connection().schemaRegistryUrl(),
            null)
        .publish(data);
    return pipeline;
  }

  private CommandRun keys(String... words) {
    List<String> all = new ArrayList<>(List.of("keys"));
    all.addAll(List.of(words));
    return CommandRun.of(words(all.toArray(String[]::new)));
  }

  private String[] words(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    Path file = folder.resolve("millrace.yaml");
    if (Files.exists(file)) {
      all.addAll(List.of("--config", file.toString()));
    }
    all.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    return all.toArray(String[]::new);
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.err()).isEmpty();
    return new ObjectMapper().readTree(run.out());
  }
}
