package io.millrace.launcher.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.RunningPipeline;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a whole pipeline on this machine until it is stopped. */
@Command(
    name = "up",
    description =
        "Run a whole pipeline on this machine: broker, schema registry and all roles. Stop it with"
            + " Ctrl-C; it goes on where it was when started again.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace up",
      "  millrace up --data-dir /tmp/try --http-port 8088"
    })
final class UpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private PortOptions ports = new PortOptions();

  @Override
  public Integer call() {
    MillraceConfig config = global.loadConfig().config();
    Path dataDir = global.dataDir();
    LocalPipelineConfig local = ports.over(LocalPipelineConfig.onConfiguredPorts(config, dataDir));
    global.logToFile();
    try (Termination termination = Termination.watch(config.workers().drainTimeout());
        LocalPipeline pipeline = LocalPipeline.start(local, this::progress)) {
      RunningPipeline running = describe(pipeline);
      running.publish(dataDir);
      try {
        announce(pipeline, config);
        termination.await(pipeline::failure);
        progress("stopping");
      } finally {
        RunningPipeline.withdraw(dataDir);
      }
    }
    return 0;
  }

  private static RunningPipeline describe(LocalPipeline pipeline) {
    return new RunningPipeline(
        ProcessHandle.current().pid(),
        pipeline.connection().bootstrapServers(),
        pipeline.connection().schemaRegistryUrl(),
        pipeline.httpAddress().map(URI::toString).orElse(null));
  }

  private void progress(String step) {
    spec.commandLine().getErr().println("millrace: " + step);
  }

  private void announce(LocalPipeline pipeline, MillraceConfig config) {
    String http = pipeline.httpAddress().map(URI::toString).orElse("");
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        table(
            List.of(
                List.of("HTTP (OpenAI-compatible)", http + "/v1"),
                List.of("health, metrics", http + "/readyz, " + http + "/metrics"),
                List.of("Kafka", pipeline.connection().bootstrapServers()),
                List.of("schema registry", pipeline.connection().schemaRegistryUrl()),
                List.of("providers", String.join(", ", config.providers().keySet())),
                List.of("data, logs", global.dataDir().toAbsolutePath().toString()))));
    String where = global.asGiven();
    out.println("ready; in another terminal try:");
    out.printf("  %s request send \"Why is the sky blue?\"%s%n", Main.PROGRAM, where);
    out.printf("  %s tail completions --from-beginning%s%n", Main.PROGRAM, where);
    out.printf(
        "  curl %s/v1/chat/completions -H 'Content-Type: application/json' \\%n    -d"
            + " '{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'%n",
        http);
    out.flush();
  }

  private static String table(List<List<String>> rows) {
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        rows,
        List.of(
            new Column().dataAlign(HorizontalAlign.LEFT).with(row -> row.get(0)),
            new Column().dataAlign(HorizontalAlign.LEFT).maxWidth(200).with(row -> row.get(1))));
  }
}
