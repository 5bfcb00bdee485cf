package io.millrace.launcher.batch;

import io.millrace.ingest.AdmissionLimits;
import io.millrace.launcher.batch.KafkaBatchPipeline.Identity;
import io.millrace.launcher.cli.ClusterOptions;
import io.millrace.launcher.cli.CommandFailure;
import io.millrace.launcher.cli.GlobalOptions;
import io.millrace.launcher.cli.Termination;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one file of prompts. */
@Command(
    name = "run",
    description =
        "Run every line of a file of prompts and write each result as it comes. Stopped, killed or"
            + " failed on the way, the same command goes on where it was. The exit code is 0 when"
            + " every line has a completion, 1 when not, 2 when wrongly called.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace batch run examples/prompts.jsonl --output results.jsonl",
      "  zcat prompts.jsonl.gz | millrace batch run - --name prompts --output results.jsonl",
      "  millrace batch run prompts.jsonl -o results.jsonl --model openai/gpt-4o-mini"
          + " --retry-failed"
    })
final class BatchRunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private BatchRunOptions options = new BatchRunOptions();

  @Override
  public Integer call() {
    try {
      return run();
    } catch (BatchException e) {
      String message = String.valueOf(e.getMessage());
      throw switch (e.kind()) {
        case USAGE -> new ParameterException(spec.commandLine(), message, e);
        case STOPPED -> new CommandFailure(message, e);
      };
    } catch (IOException e) {
      throw new CommandFailure(
          "cannot read or write a file of the batch: "
              + e.getMessage()
              + "; put that right and run the same command again, it goes on where it stopped",
          e);
    }
  }

  private int run() throws IOException {
    BatchInput input = options.input();
    Path dataDir = global.dataDir();
    AdmissionLimits limits = BatchTarget.limits(global.loadConfig().config(), dataDir);
    BatchPlan plan = options.plan(input, dataDir, limits.maxTimeout(), limits.maxRequestBytes());
    ResultFiles.checkWritable(plan);
    global.logToFile();
    BatchPlan counted = plan.withTotalLines(input.countLines(limits.maxRequestBytes()));
    try (Termination termination = Termination.watch();
        BatchTarget target = BatchTarget.open(global, cluster, this::say)) {
      BatchOutcome outcome = run(counted, input, limits, target, termination);
      Summary summary = new Summary(counted, outcome);
      spec.commandLine().getOut().println(options.json() ? summary.json() : summary.table());
      return outcome.success() ? 0 : 1;
    }
  }

  private BatchOutcome run(
      BatchPlan plan,
      BatchInput input,
      AdmissionLimits limits,
      BatchTarget target,
      Termination termination)
      throws IOException {
    String tenant = options.tenant().orElse(limits.defaultTenant());
    Identity identity = new Identity(tenant, plan.name(), plan.timeout());
    try (BatchPipeline pipeline =
            KafkaBatchPipeline.open(
                identity, target.cluster(), target::failure, InstantSource.system());
        Progress progress = progress(plan);
        InputStream lines = input.open()) {
      return new BatchRun(plan, pipeline, progress, termination::asked, System::nanoTime)
          .run(lines);
    }
  }

  private static Progress progress(BatchPlan plan) {
    return StandardError.isTerminal()
        ? new BarProgress(plan.name(), plan.totalLines(), System.err, System::nanoTime)
        : new LineProgress(plan.name(), plan.totalLines(), System.err, System::nanoTime);
  }

  private void say(String step) {
    spec.commandLine().getErr().println("millrace: " + step);
  }
}
