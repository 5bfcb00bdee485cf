package io.millrace.benchmarks;

import io.millrace.benchmarks.Results.Mark;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Deserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** B6: throughput with a cache when most requests were asked before. */
@Command(
    name = "b6",
    description =
        "Throughput with the cache and prompts by Zipf's law, against distinct prompts through the"
            + " same pipeline.",
    mixinStandardHelpOptions = true)
final class CacheScenario extends Scenario {

  static final String RATE = "Zipf prompts";
  static final String BASELINE = "distinct prompts";
  static final String RATIO = "Zipf / distinct";
  static final String HITS = "answered from the cache";
  static final String SHARED = "answered by another's call";
  static final String MISSING = "requests without a result";

  private static final double GOAL_RATIO = 2;
  private static final double GOAL_HITS = 85;
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** Decoding each result would be work of the load generator's. */
  private static final int DECODED_EVERY = 10;

  @Option(names = "--requests", description = "How many are measured. Default: ${DEFAULT-VALUE}.")
  private int requests = 200_000;

  @Option(names = "--warm-up", description = "How many go before. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 50_000;

  @Option(names = "--window", description = "How many are under way. Default: ${DEFAULT-VALUE}.")
  private long window = 5_000;

  @Mixin private LoadOptions width = new LoadOptions();

  @Option(names = "--repeats", description = "Share of repeats. Default: ${DEFAULT-VALUE}.")
  private double repeats = 0.9;

  @Option(names = "--strategy", description = "Of the cache. Default: ${DEFAULT-VALUE}.")
  private String strategy = "score";

  @Option(names = "--max-entries", description = "For each tenant. Default: ${DEFAULT-VALUE}.")
  private int maxEntries = 100_000;

  @Mixin private BrokerOption broker = new BrokerOption();

  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();

  @Override
  Report measure() throws Exception {
    settings.put("requests", requests);
    settings.put("warmUp", warmUp);
    settings.put("window", window);
    width.addTo(settings);
    settings.put("repeats", repeats);
    settings.put("strategy", strategy);
    settings.put("maxEntries", maxEntries);
    settings.put("broker", broker.placement().toString());
    try (WorkFolder folder = WorkFolder.create("b6");
        Cluster cluster = Cluster.start(broker.placement(), folder.path());
        Pipeline pipeline = start(cluster, folder.path())) {
      // Code that is still being compiled is slow, and whichever load comes first would pay for it.
      progress("warm-up");
      var unused =
          run(cluster, pipeline, new Workload("w", width.tenants(), "simulated/any"), 0, warmUp);
      progress("Zipf prompts");
      int each = (warmUp + requests) / width.tenants() + 1;
      Repeats questions = new Repeats(each, repeats, 1);
      settings.put("distinctPromptsOfEachTenant", questions.distinct());
      // Far from one another, so that no load asks what another has asked.
      long first = 1L << 40;
      long second = 1L << 41;
      Workload zipf =
          new Workload(
              "z",
              width.tenants(),
              "simulated/any",
              number -> first + questions.of(number / width.tenants()));
      Run repeated = run(cluster, pipeline, zipf, warmUp, requests);
      progress("distinct prompts");
      Workload others =
          new Workload("d", width.tenants(), "simulated/any", number -> second + number);
      Run distinct = run(cluster, pipeline, others, warmUp, requests);
      figures(distinct, repeated);
    }
    return new Report("b6", "throughput with the cache", Instant.now(), settings, figures);
  }

  /**
   * What one load came to.
   *
   * @param sampled decoded results by what the cache says of them
   */
  private record Run(
      Mark begin, Mark end, long missing, Map<String, Integer> sampled, LogVolume.Volume written) {

    double percent(String result) {
      int all = sampled.values().stream().mapToInt(Integer::intValue).sum();
      return 100.0 * sampled.getOrDefault(result, 0) / Math.max(1, all);
    }
  }

  private Pipeline start(Cluster cluster, Path folder) throws Exception {
    return Pipeline.start(cluster.connection(), folder, EnumSet.allOf(Role.class), changes());
  }

  private Map<String, Object> changes() {
    Map<String, Object> cache = Map.of("strategy", strategy, "max_entries", maxEntries);
    return Map.of(
        "providers",
        Pipeline.simulated(0),
        "home",
        Map.of("threads", width.threads()),
        "topics",
        Map.of("partitions", width.partitions()),
        "plugins",
        List.of(
            Map.of("name", "logging"),
            Map.of("name", "metrics"),
            Map.of("name", "cache", "config", cache)));
  }

  private Run run(Cluster cluster, Pipeline pipeline, Workload load, int before, int measured)
      throws Exception {
    Seen seen = new Seen(load);
    Map<String, Integer> sampled = new ConcurrentHashMap<>();
    String topic = pipeline.topics().completions().name();
    LogVolume writtenBefore = LogVolume.of(cluster.connection());
    try (SchemaRegistry registry = cluster.connection().openRegistry();
        Results results =
            Results.of(
                cluster.connection(),
                topic,
                IsolationLevel.READ_COMMITTED,
                cluster.cpu(),
                each(seen, load, sampled, registry))) {
      CompletableFuture<Mark> begin = results.at(Math.max(1, before));
      CompletableFuture<Mark> end = results.at(before + measured);
      Feed feed = Feed.exchanges(cluster.connection(), pipeline.topics(), pipeline.scope(), load);
      try (WindowedLoad running = WindowedLoad.start(feed, results, before + measured, window)) {
        Runnable health =
            () -> {
              pipeline.checkHealth();
              running.checkHealth();
            };
        return new Run(
            results.await(begin, TIMEOUT, health),
            results.await(end, TIMEOUT, health),
            seen.missing(before + measured),
            sampled,
            LogVolume.of(cluster.connection()).since(writtenBefore).values().stream()
                .reduce(LogVolume.Volume.NOTHING, LogVolume.Volume::plus));
      }
    }
  }

  /** Notes every result, and what the cache says of some of those after the warm-up. */
  private java.util.function.Consumer<ConsumerRecord<String, byte[]>> each(
      Seen seen, Workload load, Map<String, Integer> sampled, SchemaRegistry registry) {
    Deserializer<CompletionResult> values =
        new AvroSerdes(registry).forType(CompletionResult.class).deserializer();
    return record -> {
      seen.note(record);
      long number = load.numberOf(record.key());
      if (number >= warmUp && number % DECODED_EVERY == 0) {
        CompletionResult result = values.deserialize(record.topic(), record.value());
        sampled.merge(
            String.valueOf(result.getResponseHeaders().get("x-millrace-cache")), 1, Integer::sum);
      }
    };
  }

  private void figures(Run distinct, Run zipf) {
    double rate = zipf.end().perSecondSince(zipf.begin());
    double baseline = distinct.end().perSecondSince(distinct.begin());
    figures.add(Figure.of(RATE, rate, "1/s"));
    figures.add(Figure.of(BASELINE, baseline, "1/s"));
    figures.add(Figure.of(RATIO, rate / baseline, "", Goal.atLeast(GOAL_RATIO)));
    figures.add(Figure.of(HITS, zipf.percent("hit"), "%", Goal.atLeast(GOAL_HITS)));
    figures.add(Figure.of(SHARED, zipf.percent("coalesced"), "%"));
    figures.add(
        Figure.of(MISSING, (double) (distinct.missing() + zipf.missing()), "", Goal.atMost(0)));
    each("Zipf", zipf);
    each("distinct", distinct);
  }

  private void each(String what, Run run) {
    double all = warmUp + requests;
    figures.add(
        Figure.of(what + ": CPU of a request", run.end().cpuMicrosEachSince(run.begin()), "µs"));
    figures.add(Figure.of(what + ": broker writes, records", run.written().records() / all, ""));
    figures.add(Figure.of(what + ": broker writes, bytes", run.written().bytes() / all, "B"));
  }
}
