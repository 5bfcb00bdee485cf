package io.millrace.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Runs the scenarios from the command line. */
@Command(
    name = "benchmarks",
    description = "Measure the pipeline, each figure beside its baseline from the same run.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ThroughputScenario.class,
      CallerLatencyScenario.class,
      EventLatencyScenario.class,
      WorkerScenario.class,
      CacheScenario.class,
      CoalescingScenario.class,
      MicroScenario.class,
      StartScenario.class,
      BrokerMain.class,
      SoakScenario.class,
      FloodScenario.class,
      FailoverScenario.class,
      WorkerMain.class,
      SoakWorkerMain.class,
      SleepersMain.class,
      HelpCommand.class
    },
    footer = {"", "Example:", "  benchmarks/run b1 --requests 100000"})
public final class Benchmarks {

  private Benchmarks() {}

  /** Ends the process with 0 when the scenario ran, whatever its figures. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }
}
