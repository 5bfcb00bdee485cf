package io.millrace.benchmarks;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A scenario as a command: measures, prints the table, writes the file. */
abstract class Scenario implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--results",
      paramLabel = "FOLDER",
      description = "Where the JSON file goes. Default: ${DEFAULT-VALUE}.")
  private Path results = Path.of("benchmarks", "target", "results");

  /** Runs the scenario and its baseline. */
  abstract Report measure() throws Exception;

  @Override
  public final Integer call() throws Exception {
    Report report = measure();
    PrintWriter out = spec.commandLine().getOut();
    out.println(ReportWriter.table(report));
    out.println(ReportWriter.write(report, results));
    out.flush();
    return 0;
  }

  /** Says what is being done, for whoever waits. */
  final void progress(String step) {
    spec.commandLine().getErr().println(step);
    spec.commandLine().getErr().flush();
  }
}
