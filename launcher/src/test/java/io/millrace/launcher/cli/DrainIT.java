package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.PipelineException;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.stages.plan.InFlightGauge;
import io.millrace.stages.plan.PlanLog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A plan that is changed while a request is under way is refused until the request is finished. */
@ResourceLock(value = "logging", mode = ResourceAccessMode.READ)
class DrainIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Path before;
  private Path after;

  @BeforeEach
  void write() throws Exception {
    before = Files.writeString(folder.resolve("before.yaml"), "profile: development\n");
    after = Files.writeString(folder.resolve("after.yaml"), "home: {scope: request}\n");
  }

  @Test
  void shouldRefuseTheChangeUntilEverythingIsDrained() throws Exception {
    leaveOneUnderWay();
    assertThatThrownBy(() -> start(after, EnumSet.of(Role.HOOKS)).close())
        .isInstanceOf(PipelineException.class)
        .hasMessageContainingAll(
            "the plan of the stages is not the one that has worked on this data since",
            "group 'home' was keyed by tenant and would be keyed by exchange id",
            "Change the configuration back, run 'millrace drain', then change it again");

    CommandRun drain =
        CommandRun.of(
            "drain",
            "--config",
            before.toString(),
            "--data-dir",
            data().toString(),
            "--kafka-port",
            "0",
            "--registry-port",
            "0");
    assertThat(drain.exitCode()).describedAs(drain.err()).isZero();
    assertThat(drain.out()).contains("drained: nothing is under way");

    start(after, EnumSet.of(Role.HOOKS)).close();
  }

  /** Without workers nobody answers it, and nobody waits: closing would wait for who does. */
  private void leaveOneUnderWay() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient();
        LocalPipeline pipeline = start(before, EnumSet.of(Role.INGEST, Role.HOOKS));
        SchemaRegistry registry = pipeline.connection().openRegistry();
        Admin admin = Admin.create(pipeline.connection().clientProperties())) {
      HttpResponse<String> taken =
          http.send(
              request(pipeline.httpAddress().orElseThrow()), HttpResponse.BodyHandlers.ofString());
      assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
      RunningPlan plan =
          new PlanLog(pipeline.connection(), pipeline.topics(), registry).latest().orElseThrow();
      InFlightGauge gauge = new InFlightGauge(pipeline.connection(), admin, plan);
      await().atMost(PATIENCE).until(() -> gauge.measure().open() == 1);
    }
  }

  private static HttpRequest request(URI address) {
    return HttpRequest.newBuilder(address.resolve("/v1/chat/completions"))
        .header("Content-Type", "application/json")
        .header("Prefer", "respond-async")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
        .build();
  }

  private LocalPipeline start(Path file, Set<Role> roles) {
    MillraceConfig settings = new ConfigLoader(Map.of()).load(file).config();
    return LocalPipeline.start(
        LocalPipelineConfig.onFreePorts(settings, data()), roles, step -> {});
  }

  private Path data() {
    return folder.resolve("data");
  }
}
