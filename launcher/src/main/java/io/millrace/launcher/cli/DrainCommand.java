package io.millrace.launcher.cli;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.Drain;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.Role;
import io.millrace.launcher.pipeline.RunningPipeline;
import io.millrace.schemas.kafka.KafkaConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.CommonClientConfigs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finishes what is under way and takes nothing new, so that the plan can be changed. */
@Command(
    name = "drain",
    description =
        "Finish every request that is under way and take no new one; then the plan of the stages"
            + " can be changed. On this machine it runs the stages and the workers until nothing"
            + " is left; of a cluster it watches those that run.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace drain",
      "  millrace drain --timeout 60 \\",
      "    --bootstrap-servers kafka:9092 --schema-registry http://registry:8081"
    })
final class DrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private PortOptions ports = new PortOptions();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long it may take. Default: ${DEFAULT-VALUE}.")
  private long timeoutSeconds;

  @Override
  public Integer call() {
    MillraceConfig config = global.loadConfig().config();
    if (cluster.given()
        || config.kafka().containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
      try (Termination termination = Termination.watch()) {
        await(cluster.connection(global), config, termination);
      }
    } else {
      drainThisMachine(config);
    }
    return 0;
  }

  private void drainThisMachine(MillraceConfig config) {
    Path dataDir = global.dataDir();
    Optional<RunningPipeline> running = RunningPipeline.find(dataDir);
    if (running.isPresent()) {
      throw new CommandFailure(
          "'millrace up' (process %d) takes requests: stop it, then run 'millrace drain' again"
              .formatted(running.get().pid()));
    }
    LocalPipelineConfig local = ports.over(LocalPipelineConfig.onConfiguredPorts(config, dataDir));
    global.logToFile();
    try (Termination termination = Termination.watch(config.workers().drainTimeout());
        LocalPipeline pipeline =
            LocalPipeline.start(local, EnumSet.of(Role.HOOKS, Role.PROVIDERS), this::progress)) {
      await(pipeline.connection(), config, termination);
    }
  }

  private void await(KafkaConnection connection, MillraceConfig config, Termination termination) {
    Drain drain =
        new Drain(config, global.dataDir(), connection, Duration.ofSeconds(timeoutSeconds));
    boolean drained =
        drain.await(termination::asked, step -> progress("under way: " + step)).none();
    if (!drained) {
      throw new CommandFailure("stopped before everything was finished: run it again");
    }
    spec.commandLine()
        .getOut()
        .println("drained: nothing is under way; the plan can be changed now");
  }

  private void progress(String step) {
    spec.commandLine().getErr().println("millrace: " + step);
  }
}
