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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** B2: what the pipeline adds to the latency of an HTTP caller who waits. */
@Command(
    name = "b2",
    description =
        "Latency that 'millrace up' adds for a waiting HTTP caller, against direct calls to the"
            + " same provider. Open loop.",
    mixinStandardHelpOptions = true)
final class CallerLatencyScenario extends Scenario {

  static final String CACHED = "answered from the cache at %d/s";

  private static final Map<Double, Goal> GOALS =
      Map.of(50.0, Goal.atMost(8), 95.0, Goal.atMost(40), 99.0, Goal.atMost(60));
  private static final double[] PERCENTILES = {50, 95, 99};
  private static final int REPEATED = 100;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  @Option(names = "--rates", split = ",", description = "Per second. Default: 50,200.")
  private List<Integer> rates = List.of(50, 200);

  @Option(names = "--seconds", description = "For each rate. Default: ${DEFAULT-VALUE}.")
  private int seconds = 20;

  @Option(names = "--warm-up-seconds", description = "Before. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds = 15;

  @Option(names = "--latency-ms", description = "Of the provider. Default: ${DEFAULT-VALUE}.")
  private long latencyMillis = 20;

  @Option(
      names = "--provider",
      description =
          "OPENAI calls the same server as the direct calls; SIMULATED waits inside the worker."
              + " Default: ${DEFAULT-VALUE}.")
  private ProviderType provider = ProviderType.OPENAI;

  @Option(
      names = "--repeat",
      description =
          "Ask "
              + REPEATED
              + " questions again and again, so that the cache answers. Default: a different"
              + " question each time, so that each is a call.")
  private boolean repeat;

  @Option(
      names = "--stream",
      description = "Ask for streams, and measure until their first piece is there.")
  private boolean stream;

  /** Whom the pipeline calls. */
  enum ProviderType {
    OPENAI,
    SIMULATED
  }

  @Override
  Report measure() throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (WorkFolder folder = WorkFolder.create("b2");
        UpstreamServer upstream = UpstreamServer.start(Duration.ofMillis(latencyMillis));
        UpProcess up = start(folder.path(), upstream)) {
      CpuTime cpu = new CpuTime(List.of(up.handle()));
      URI through = URI.create(up.awaitHttp(START_TIMEOUT) + "/v1");
      try (ChatClient pipeline = new ChatClient(through)) {
        progress("warm-up");
        directly(upstream, "warm-direct", rates.getLast(), warmUpSeconds);
        run(pipeline, "warm", rates.getLast(), warmUpSeconds);
        for (int rate : rates) {
          progress(rate + " requests/s");
          Latencies directly = directly(upstream, "direct" + rate, rate, seconds);
          Duration before = cpu.used();
          long begun = System.nanoTime();
          Run around = run(pipeline, "at" + rate, rate, seconds);
          double busy = cpu.used().minus(before).toNanos() / (double) (System.nanoTime() - begun);
          addFigures(figures, rate, directly, around.latencies());
          figures.add(Figure.of(CACHED.formatted(rate), around.fromCache(), ""));
          figures.add(Figure.of("cores that 'up' keeps busy at %d/s".formatted(rate), busy, ""));
        }
      }
    }
    return new Report(
        "b2", "latency added for a waiting HTTP caller", Instant.now(), settings(), figures);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("repeat", repeat);
    settings.put("stream", stream);
    settings.put("seconds", seconds);
    settings.put("warmUpSeconds", warmUpSeconds);
    settings.put("provider", provider.name());
    settings.put("providerLatencyMillis", latencyMillis);
    return settings;
  }

  private UpProcess start(Path folder, UpstreamServer upstream) throws IOException {
    Path config = Pipeline.write(folder, Map.of("providers", providers(upstream)));
    return UpProcess.start(
        UpProcess.fromClassPath(List.of("-Xmx1g")),
        Map.of(),
        folder.resolve("data"),
        List.of("--config", config.toString()));
  }

  private Map<String, Object> providers(UpstreamServer upstream) {
    return switch (provider) {
      case OPENAI ->
          Map.of(
              "test",
              Map.of(
                  "type",
                  "openai",
                  "base_url",
                  upstream.baseUrl().toString(),
                  "keys",
                  List.of(Map.of("name", "none", "value", "none"))));
      case SIMULATED -> Map.of("test", Map.of("type", "simulated", "latency_ms", latencyMillis));
    };
  }

  /** What one load came to. */
  private record Run(Latencies latencies, long fromCache) {}

  private Workload load(String name) {
    return repeat
        ? Workload.repeating(name, 1, "test/any", REPEATED)
        : new Workload(name, 1, "test/any");
  }

  /** With connections of its own: the server closes those that were idle for half a minute. */
  private Latencies directly(UpstreamServer upstream, String name, int rate, int seconds)
      throws IOException {
    try (ChatClient direct = new ChatClient(upstream.baseUrl())) {
      return run(direct, name, rate, seconds).latencies();
    }
  }

  private Run run(ChatClient client, String name, int rate, int seconds) throws IOException {
    Workload load = load(name);
    AtomicLong fromCache = new AtomicLong();
    Latencies latencies = new Latencies();
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    AtomicLong failures = new AtomicLong();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      OpenLoop.run(
          rate,
          Math.max(1, rate * seconds),
          (number, dueNanos) ->
              callers.execute(
                  () -> {
                    try {
                      if (stream) {
                        latencies.recordNanos(client.stream(load.chatBody(number)) - dueNanos);
                        return;
                      }
                      if (client.ask(load.chatBody(number))) {
                        fromCache.incrementAndGet();
                      }
                      latencies.recordNanos(System.nanoTime() - dueNanos);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                      failure.compareAndSet(null, e);
                      failures.incrementAndGet();
                    }
                  }));
    }
    Exception first = failure.get();
    if (first != null) {
      throw new IOException(failures.get() + " calls failed, the first:", first);
    }
    return new Run(latencies, fromCache.get());
  }

  private static void addFigures(
      List<Figure> figures, int rate, Latencies direct, Latencies through) {
    for (double percentile : PERCENTILES) {
      String name = "p%.0f at %d/s".formatted(percentile, rate);
      double with = through.millisAt(percentile);
      double without = direct.millisAt(percentile);
      figures.add(Figure.of("direct, " + name, without, "ms"));
      figures.add(Figure.of("through the pipeline, " + name, with, "ms"));
      figures.add(new Figure("added, " + name, with - without, "ms", GOALS.get(percentile)));
    }
    figures.add(Figure.of("answers at %d/s".formatted(rate), through.count(), ""));
  }
}
