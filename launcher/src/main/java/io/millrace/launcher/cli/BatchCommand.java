package io.millrace.launcher.cli;

import io.millrace.launcher.batch.BatchException;
import io.millrace.launcher.batch.BatchJob;
import io.millrace.launcher.batch.BatchReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Runs files of prompts. */
@Command(
    name = "batch",
    description = "Run a file of prompts.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace batch run examples/prompts.jsonl --output results.jsonl",
      "  zcat prompts.jsonl.gz | millrace batch run - --name p -o results.jsonl",
      "  millrace batch run prompts.jsonl -o results.jsonl --retry-failed"
    })
final class BatchCommand extends CommandGroup {

  @Command(
      name = "run",
      description =
          "Run every line of a file of prompts and write each result as it comes. Stopped, killed"
              + " or failed on the way, the same command goes on where it was. The exit code is 0"
              + " when every line has a completion, 1 when not, 2 when wrongly called.",
      mixinStandardHelpOptions = true)
  int run(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Mixin BatchOptions options,
      @Option(names = "--json", description = "Print the summary as JSON.") boolean json) {
    try {
      BatchJob job =
          BatchJob.prepare(options.settings(global.dataDir()), BatchTarget.limits(global));
      global.logToFile();
      try (Termination termination = Termination.watch()) {
        BatchReport report = run(job, global, cluster, termination);
        out().println(json ? report.json() : report.table());
        out().flush();
        return report.success() ? 0 : 1;
      }
    } catch (BatchException e) {
      String message = String.valueOf(e.getMessage());
      throw switch (e.kind()) {
        case USAGE -> new ParameterException(runCommand(), message, e);
        case STOPPED -> new CommandFailure(message, e);
      };
    }
  }

  private BatchReport run(
      BatchJob job, GlobalOptions global, ClusterOptions cluster, Termination termination) {
    try (BatchTarget target = BatchTarget.open(global, cluster, this::say)) {
      return job.run(target.cluster(), target::failure, termination::asked, System.err);
    }
  }

  private CommandLine runCommand() {
    return commandLine().getSubcommands().getOrDefault("run", commandLine());
  }

  private void say(String step) {
    commandLine().getErr().println("millrace: " + step);
  }
}
