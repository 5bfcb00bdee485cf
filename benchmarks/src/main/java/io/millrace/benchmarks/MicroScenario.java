package io.millrace.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** B8: the parts by themselves, with JMH. */
@Command(
    name = "b8",
    description = "Micro benchmarks of the parts, with JMH.",
    mixinStandardHelpOptions = true)
final class MicroScenario extends Scenario {

  private static final String PACKAGE = "io.millrace.benchmarks.micro.";

  @Parameters(
      paramLabel = "NAME",
      description = "Regular expressions of benchmarks to run. Default: all.")
  private List<String> names = List.of(".*");

  @Option(names = "--forks", description = "Default: ${DEFAULT-VALUE}.")
  private int forks = 1;

  @Option(names = "--iterations", description = "Of each kind. Default: ${DEFAULT-VALUE}.")
  private int iterations = 5;

  @Option(names = "--seconds", description = "Of each iteration. Default: ${DEFAULT-VALUE}.")
  private double seconds = 1;

  @Override
  Report measure() throws Exception {
    Path log = Files.createTempFile("millrace-jmh-", ".log");
    progress("JMH writes to " + log);
    TimeValue time = TimeValue.milliseconds(Math.round(seconds * 1_000));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .forks(forks)
            .warmupIterations(iterations)
            .warmupTime(time)
            .measurementIterations(iterations)
            .measurementTime(time)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.NORMAL)
            .output(log.toString());
    names.forEach(name -> options.include(PACKAGE + name));
    Collection<RunResult> results = new Runner(options.build()).run();
    Files.delete(log);
    return new Report(
        "b8",
        "micro benchmarks, mean ± 99.9 % interval",
        Instant.now(),
        Map.of("forks", forks, "iterations", iterations, "seconds", seconds),
        figures(results));
  }

  private static List<Figure> figures(Collection<RunResult> results) {
    List<Figure> figures = new ArrayList<>();
    for (RunResult run : results) {
      Result<?> primary = run.getPrimaryResult();
      String name = nameOf(run.getParams());
      figures.add(Figure.of(name, primary.getScore(), primary.getScoreUnit()));
      double error = primary.getScoreError();
      if (!Double.isNaN(error)) {
        figures.add(Figure.of(name + " ±", error, primary.getScoreUnit()));
      }
    }
    return figures;
  }

  private static String nameOf(BenchmarkParams params) {
    String settings =
        params.getParamsKeys().stream().map(params::getParam).collect(Collectors.joining(", "));
    String name = params.getBenchmark().substring(PACKAGE.length());
    return settings.isEmpty() ? name : name + " " + settings;
  }
}
