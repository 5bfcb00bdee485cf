package io.millrace.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** B9: from {@code millrace up} in an empty folder to the first answer. */
@Command(
    name = "b9",
    description =
        "Time from 'millrace up' to the first answered request, with and without the class cache.",
    mixinStandardHelpOptions = true)
final class StartScenario extends Scenario {

  static final String CACHED = "first answer, with class cache";

  private static final double GOAL_SECONDS = 6;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  @Option(names = "--runs", description = "Of each kind. Default: ${DEFAULT-VALUE}.")
  private int runs = 5;

  @Option(
      names = "--launcher",
      split = " ",
      description = "The command in front of 'up'. Default: ./millrace.")
  private List<String> launcher = List.of("./millrace");

  @Option(names = "--no-warm-up", description = "Do not start it once before, uncounted.")
  private boolean noWarmUp;

  @Option(names = "--no-uncached", description = "Leave out starts without the class cache.")
  private boolean noUncached;

  /** What one start took, in seconds. */
  private record Start(double ready, double answered) {}

  @Override
  Report measure() throws Exception {
    primeClient();
    if (!noWarmUp) {
      progress("warm-up, which also builds and records the class cache where they are missing");
      once(Map.of());
    }
    List<Start> cached = new ArrayList<>();
    List<Start> uncached = new ArrayList<>();
    for (int run = 1; run <= runs; run++) {
      progress("start " + run + " of " + runs);
      if (!noUncached) {
        uncached.add(once(Map.of("MILLRACE_CACHE", "off")));
      }
      cached.add(once(Map.of()));
    }
    List<Figure> figures = new ArrayList<>();
    figures.add(
        Figure.of(
            CACHED,
            median(cached.stream().map(Start::answered).toList()),
            "s",
            Goal.atMost(GOAL_SECONDS)));
    figures.add(
        Figure.of(
            "ready, with class cache", median(cached.stream().map(Start::ready).toList()), "s"));
    if (!noUncached) {
      uncachedFigures(figures, uncached);
    }
    return new Report("b9", "start to first answer, median", Instant.now(), settings(), figures);
  }

  private static void uncachedFigures(List<Figure> figures, List<Start> uncached) {
    figures.add(
        Figure.of(
            "first answer, without", median(uncached.stream().map(Start::answered).toList()), "s"));
    figures.add(
        Figure.of("ready, without", median(uncached.stream().map(Start::ready).toList()), "s"));
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("runs", runs);
    settings.put("launcher", String.join(" ", launcher));
    return settings;
  }

  /** So that this process's own first use of its HTTP client is not counted. */
  private static void primeClient() throws IOException, InterruptedException {
    try (UpstreamServer upstream = UpstreamServer.start(Duration.ZERO);
        ChatClient client = new ChatClient(upstream.baseUrl())) {
      var unused = client.ask(new Workload("prime", 1, "any").chatBody(0));
    }
  }

  private Start once(Map<String, String> environment) throws IOException, InterruptedException {
    try (WorkFolder folder = WorkFolder.create("b9")) {
      Path config = Pipeline.write(folder.path(), Map.of("providers", Pipeline.simulated(0)));
      long begun = System.nanoTime();
      try (UpProcess up =
          UpProcess.start(
              launcher,
              environment,
              folder.path().resolve("data"),
              List.of("--config", config.toString()))) {
        URI http = up.awaitHttp(TIMEOUT);
        double ready = secondsSince(begun);
        try (ChatClient client = new ChatClient(URI.create(http + "/v1"))) {
          var unused = client.ask(new Workload("first", 1, "simulated/any").chatBody(0));
        }
        return new Start(ready, secondsSince(begun));
      }
    }
  }

  private static double secondsSince(long begunNanos) {
    return (System.nanoTime() - begunNanos) / 1e9;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
