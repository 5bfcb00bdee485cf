package io.millrace.benchmarks;

import io.millrace.launcher.pipeline.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.IsolationLevel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** B7: equal requests at once share one call. */
@Command(
    name = "b7",
    description = "Equal requests at once: how many calls, and how long against one request alone.",
    mixinStandardHelpOptions = true)
final class CoalescingScenario extends Scenario {

  static final String CALLS = "calls";
  static final String RESULTS = "results";
  static final String TIME = "until the last result";
  static final String ALONE = "one request alone";

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Calls are on their topic before their results; a late one would come within this time. */
  private static final Duration LATE = Duration.ofSeconds(2);

  @Option(names = "--requests", description = "At once. Default: ${DEFAULT-VALUE}.")
  private int requests = 100;

  @Option(names = "--latency-ms", description = "Of a call. Default: ${DEFAULT-VALUE}.")
  private int latencyMillis = 500;

  @Mixin private BrokerOption broker = new BrokerOption();

  private final List<Figure> figures = new ArrayList<>();

  @Override
  Report measure() throws Exception {
    try (WorkFolder folder = WorkFolder.create("b7");
        Cluster cluster = Cluster.start(broker.placement(), folder.path());
        Pipeline pipeline =
            Pipeline.start(
                cluster.connection(), folder.path(), EnumSet.allOf(Role.class), changes())) {
      // Connections and code, for both that follow.
      run(cluster, pipeline, new Workload("warm", 1, "simulated/any", number -> 1), 1);
      Run alone = run(cluster, pipeline, new Workload("one", 1, "simulated/any", number -> 2), 1);
      Run together =
          run(cluster, pipeline, new Workload("all", 1, "simulated/any", number -> 3), requests);
      figures.add(Figure.of(CALLS, (double) together.calls(), "", Goal.atMost(1)));
      figures.add(Figure.of(RESULTS, (double) together.results(), "", Goal.atLeast(requests)));
      figures.add(Figure.of(TIME, together.millis(), "ms"));
      figures.add(Figure.of(ALONE, alone.millis(), "ms"));
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("requests", requests);
    settings.put("latencyMillis", latencyMillis);
    settings.put("broker", broker.placement().toString());
    return new Report("b7", "equal requests at once", Instant.now(), settings, figures);
  }

  /** What some requests came to. */
  private record Run(long calls, long results, double millis) {}

  private Map<String, Object> changes() {
    return Map.of(
        "providers",
        Pipeline.simulated(latencyMillis),
        // A look at an idle provider's health is a record among those that are counted.
        "health",
        Map.of("idle_after", "1h"),
        "plugins",
        List.of(Map.of("name", "logging"), Map.of("name", "metrics"), Map.of("name", "cache")));
  }

  private static Run run(Cluster cluster, Pipeline pipeline, Workload load, int requests)
      throws Exception {
    try (Results calls = results(cluster, pipeline.topics().attempts().name());
        Results results = results(cluster, pipeline.topics().completions().name());
        Feed feed =
            Feed.exchanges(cluster.connection(), pipeline.topics(), pipeline.scope(), load)) {
      CompletableFuture<Results.Mark> all = results.at(requests);
      long begin = System.nanoTime();
      for (int number = 0; number < requests; number++) {
        feed.send(number);
      }
      Results.Mark end = results.await(all, TIMEOUT, pipeline::checkHealth);
      Thread.sleep(LATE);
      return new Run(calls.count(), results.count(), (end.atNanos() - begin) / 1e6);
    }
  }

  private static Results results(Cluster cluster, String topic) {
    return Results.of(
        cluster.connection(), topic, IsolationLevel.READ_COMMITTED, cluster.cpu(), record -> {});
  }
}
