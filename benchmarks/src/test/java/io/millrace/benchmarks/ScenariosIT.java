package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import picocli.CommandLine;

/**
 * Each scenario runs, at a tiny size, and counts right. How fast is of no matter here, so several
 * run at once: each has a pipeline of its own, and waits most of its time.
 */
@Execution(ExecutionMode.CONCURRENT)
final class ScenariosIT {

  @Test
  void shouldGiveEveryRequestOneResultWhenThroughputIsMeasured() throws Exception {
    Report report =
        run(
            new ThroughputScenario(),
            "--requests=400",
            "--warm-up=100",
            "--window=200",
            "--broker=in-process");

    assertThat(report.value(ThroughputScenario.MISSING)).isZero();
    assertThat(report.value(ThroughputScenario.DUPLICATES)).isZero();
    assertThat(report.value(ThroughputScenario.RATE)).isPositive();
    assertThat(report.value(ThroughputScenario.NULL_RATE)).isPositive();
  }

  @Test
  void shouldAnswerEveryCallWhenCallersLatencyIsMeasured() throws Exception {
    Report report =
        run(
            new CallerLatencyScenario(),
            "--rates=20",
            "--seconds=1",
            "--warm-up-seconds=1",
            "--provider=SIMULATED");

    assertThat(report.value("answers at 20/s")).isEqualTo(20);
    assertThat(report.value(CallerLatencyScenario.CACHED.formatted(20))).isZero();
    assertThat(report.value("direct, p50 at 20/s")).isGreaterThanOrEqualTo(20);
    assertThat(report.value("through the pipeline, p50 at 20/s")).isGreaterThanOrEqualTo(20);
  }

  @Test
  void shouldSeeEveryResultWhenEventLatencyIsMeasured() throws Exception {
    Report report =
        run(
            new EventLatencyScenario(),
            "--rates=20",
            "--seconds=1",
            "--warm-up-seconds=1",
            "--broker=process",
            "--entry=EXCHANGES");

    assertThat(report.value("results at 20/s")).isEqualTo(20);
    assertThat(report.value("pipeline, p50 at 20/s")).isPositive();
    assertThat(report.value("null pipeline, p50 at 20/s")).isPositive();
  }

  @Test
  void shouldGetEveryReplyWhenAWorkerIsMeasured() throws Exception {
    Report report = run(new WorkerScenario(), "--calls=300", "--in-flight=100", "--latency-ms=100");

    assertThat(report.value(WorkerScenario.REPLIES)).isEqualTo(300);
    assertThat(report.value("most calls in flight")).isBetween(1.0, 100.0);
  }

  @Test
  void shouldGetAnAnswerWhenTheStartIsMeasured() throws Exception {
    Report report =
        run(
            new StartScenario(),
            "--runs=1",
            "--no-warm-up",
            "--no-uncached",
            "--launcher",
            String.join(" ", UpProcess.fromClassPath(List.of("-Xmx512m", "-XX:+UseSerialGC"))));

    assertThat(report.value(StartScenario.CACHED)).isPositive();
  }

  @Test
  void shouldAnswerMostFromTheCacheWhenItIsMeasured() throws Exception {
    Report report =
        run(
            new CacheScenario(),
            "--requests=2000",
            "--warm-up=500",
            "--window=100",
            "--tenants=2",
            "--broker=in-process");

    assertThat(report.value(CacheScenario.MISSING)).isZero();
    assertThat(report.value(CacheScenario.HITS)).isGreaterThan(50);
    assertThat(report.value(CacheScenario.RATIO)).isPositive();
  }

  @Test
  void shouldMakeOneCallWhenEqualRequestsAreMeasured() throws Exception {
    Report report = run(new CoalescingScenario(), "--requests=20", "--broker=in-process");

    assertThat(report.value(CoalescingScenario.CALLS)).isEqualTo(1);
    assertThat(report.value(CoalescingScenario.RESULTS)).isEqualTo(20);
  }

  @Test
  void shouldGiveEveryRequestOneResultWhenWorkersAreKilled() throws Exception {
    Report report =
        run(
            new SoakScenario(),
            "--requests=300",
            "--warm-up=50",
            "--window=50",
            "--kill-seconds=60",
            "--broker=in-process");

    assertThat(report.value(SoakScenario.MISSING)).isZero();
    assertThat(report.value(SoakScenario.DUPLICATES)).isZero();
    assertThat(report.value(SoakScenario.ERRORS)).isZero();
    assertThat(report.value(SoakScenario.KILLS)).isPositive();
  }

  @Test
  void shouldAnswerInteractiveRequestsWhenAFloodIsMeasured() throws Exception {
    Report report =
        run(
            new FloodScenario(),
            "--warm-up=50",
            "--rate=20",
            "--seconds=1",
            "--flood=200",
            "--neighbour=5",
            "--latency-ms=100",
            "--in-flight=10",
            "--broker=in-process");

    assertThat(report.value(FloodScenario.ANSWERS)).isEqualTo(20);
    assertThat(report.value(FloodScenario.RATIO)).isPositive();
  }

  @Test
  void shouldFailOverWhenAProviderDies() throws Exception {
    // Too short for the provider to be trusted again.
    Report report =
        run(
            new FailoverScenario(),
            "--warm-up=20",
            "--rate=20",
            "--seconds=3",
            "--broker=in-process");

    assertThat(report.value(FailoverScenario.ANSWERS)).isEqualTo(60);
    assertThat(report.value(FailoverScenario.FAILOVER)).isBetween(0.0, 60_000.0);
  }

  @Test
  void shouldScoreEachPartWhenTheyAreMeasured() throws Exception {
    Report report = run(new MicroScenario(), "--forks=0", "--iterations=1", "--seconds=0.05", ".*");

    assertThat(report.figures()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(report.figures()).allSatisfy(figure -> assertThat(figure.value()).isPositive());
  }

  private static Report run(Scenario scenario, String... arguments) throws Exception {
    new CommandLine(scenario).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return scenario.measure();
  }
}
