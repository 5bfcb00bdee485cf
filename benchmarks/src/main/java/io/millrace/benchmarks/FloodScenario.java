package io.millrace.benchmarks;

import io.millrace.ingest.ExchangePublisher;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** B12: what a flood of batch requests does to those who wait for their answers. */
@Command(
    name = "b12",
    description =
        "Latency of the interactive lane at a provider that a flood of batch requests fills,"
            + " against the same without the flood; and how another tenant's batch fares.",
    mixinStandardHelpOptions = true)
final class FloodScenario extends Scenario {

  static final String ANSWERS = "interactive answers under the flood";
  static final String FLOOD_LEFT = "flood that still waits at the end";
  static final String RATIO = "p99, with / without the flood";

  private static final String MODEL = "simulated/any";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(1);
  private static final double GOAL_RATIO = 1.3;

  @Option(names = "--rate", description = "Interactive, per second. Default: ${DEFAULT-VALUE}.")
  private int rate = 20;

  @Option(names = "--seconds", description = "Each time. Default: ${DEFAULT-VALUE}.")
  private int seconds = 20;

  @Option(names = "--warm-up", description = "Requests before. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 10_000;

  @Option(names = "--flood", description = "Batch requests. Default: ${DEFAULT-VALUE}.")
  private int flood = 12_000;

  @Option(names = "--neighbour", description = "Another's batch. Default: ${DEFAULT-VALUE}.")
  private int neighbour = 100;

  @Option(names = "--latency-ms", description = "Of a call. Default: ${DEFAULT-VALUE}.")
  private long latencyMillis = 400;

  @Option(names = "--in-flight", description = "Calls at once. Default: ${DEFAULT-VALUE}.")
  private int inFlight = 100;

  @Option(names = "--broker", description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Cluster.Placement broker = Cluster.Placement.PROCESS;

  private final List<Figure> figures = new ArrayList<>();

  @Override
  Report measure() throws Exception {
    try (WorkFolder folder = WorkFolder.create("b12");
        Cluster cluster = Cluster.start(broker, folder.path());
        Pipeline pipeline =
            Pipeline.start(
                cluster.connection(),
                folder.path(),
                EnumSet.of(Role.HOOKS, Role.PROVIDERS),
                changes());
        ExchangePublisher publisher =
            ExchangePublisher.open(
                cluster.connection(), pipeline.topics(), pipeline.scope(), DELIVERY_TIMEOUT)) {
      progress("warm-up");
      TimedLoad warm = load("warm", 16, warmUp, Lane.STANDARD);
      try (Results results = results(cluster, pipeline, warm)) {
        warm.sendAtOnce(publisher);
        warm.await(TIMEOUT, pipeline::checkHealth);
      }
      progress("interactive alone");
      Latencies alone = alone(cluster, pipeline, publisher);
      progress("interactive under the flood");
      underFlood(cluster, pipeline, publisher, alone);
    }
    return new Report("b12", "interactive under a batch flood", Instant.now(), settings(), figures);
  }

  private Latencies alone(Cluster cluster, Pipeline pipeline, ExchangePublisher publisher)
      throws InterruptedException {
    TimedLoad interactive = load("alone", 1, rate * seconds, Lane.INTERACTIVE);
    try (Results results = results(cluster, pipeline, interactive)) {
      interactive.sendAt(rate, publisher);
      interactive.await(TIMEOUT, pipeline::checkHealth);
    }
    return interactive.latencies();
  }

  private void underFlood(
      Cluster cluster, Pipeline pipeline, ExchangePublisher publisher, Latencies alone)
      throws InterruptedException {
    TimedLoad batch = load("flood", 1, flood, Lane.BATCH);
    TimedLoad small = load("small", 1, neighbour, Lane.BATCH);
    TimedLoad interactive = load("with", 1, rate * seconds, Lane.INTERACTIVE);
    try (Results results = results(cluster, pipeline, batch, small, interactive)) {
      dispatch(cluster, pipeline, publisher, batch);
      small.sendAtOnce(publisher);
      interactive.sendAt(rate, publisher);
      interactive.await(TIMEOUT, pipeline::checkHealth);
      int left = flood - batch.answered();
      int smallDone = small.answered();
      small.await(TIMEOUT, pipeline::checkHealth);
      compare(alone, interactive.latencies());
      figures.add(Figure.of(ANSWERS, interactive.answered(), ""));
      figures.add(Figure.of(FLOOD_LEFT, left, "", Goal.atLeast(1)));
      figures.add(Figure.of("other tenant's batch, answered by then", smallDone, ""));
      figures.add(
          Figure.of("other tenant's batch, longest", small.latencies().millisAt(100), "ms"));
    }
  }

  /** Sends the flood, and returns when all of it waits at the provider. */
  private void dispatch(
      Cluster cluster, Pipeline pipeline, ExchangePublisher publisher, TimedLoad batch)
      throws InterruptedException {
    String topic = pipeline.topics().dispatch("simulated", Lane.BATCH).name();
    try (Results dispatched =
        Results.of(
            cluster.connection(),
            topic,
            IsolationLevel.READ_UNCOMMITTED,
            cluster.cpu(),
            record -> {})) {
      var all = dispatched.at(flood);
      batch.sendAtOnce(publisher);
      var unused = dispatched.await(all, TIMEOUT, pipeline::checkHealth);
    }
  }

  private void compare(Latencies alone, Latencies with) {
    for (double percentile : new double[] {50, 99}) {
      String name = "interactive, p%.0f".formatted(percentile);
      figures.add(Figure.of(name + " alone", alone.millisAt(percentile), "ms"));
      figures.add(Figure.of(name + " under the flood", with.millisAt(percentile), "ms"));
    }
    figures.add(
        Figure.of(RATIO, with.millisAt(99) / alone.millisAt(99), "", Goal.atMost(GOAL_RATIO)));
  }

  private static TimedLoad load(String name, int tenants, int count, Lane lane) {
    return new TimedLoad(
        new Workload(name, tenants, MODEL),
        count,
        exchange -> {
          exchange.setLane(lane);
          if (tenants == 1) {
            // Tenants of their own.
            exchange.setTenant(name);
            exchange.setExchangeId(name + "/" + exchange.getRequestId());
          }
        });
  }

  private static Results results(Cluster cluster, Pipeline pipeline, TimedLoad... loads) {
    return Results.of(
        cluster.connection(),
        pipeline.topics().completions().name(),
        IsolationLevel.READ_UNCOMMITTED,
        cluster.cpu(),
        record -> {
          for (TimedLoad load : loads) {
            load.note(record);
          }
        });
  }

  private Map<String, Object> changes() {
    return Map.of(
        "providers",
        Map.of(
            "simulated",
            Map.of("type", "simulated", "latency_ms", latencyMillis, "max_in_flight", inFlight)),
        "plugins",
        Chain.PLAIN.plugins());
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("rate", rate);
    settings.put("seconds", seconds);
    settings.put("warmUp", warmUp);
    settings.put("flood", flood);
    settings.put("latencyMillis", latencyMillis);
    settings.put("inFlight", inFlight);
    settings.put("broker", broker.toString());
    return settings;
  }
}
