package io.millrace.benchmarks;

import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** B3: how long an event takes to its result, topic to topic, read committed. */
@Command(
    name = "b3",
    description =
        "Time from an event to its committed result, against a null pipeline with the same hops"
            + " and the same commit interval.",
    mixinStandardHelpOptions = true)
final class EventLatencyScenario extends Scenario {

  private static final double GOAL_RATIO = 1.3;
  private static final double[] PERCENTILES = {50, 95, 99};
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int PARTITIONS = 4;
  private static final int THREADS = 2;

  @Option(names = "--rates", split = ",", description = "Per second. Default: 50,200.")
  private List<Integer> rates = List.of(50, 200);

  @Option(names = "--seconds", description = "For each rate. Default: ${DEFAULT-VALUE}.")
  private int seconds = 20;

  @Option(names = "--warm-up-seconds", description = "Before. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds = 10;

  @Option(names = "--entry", description = "EXCHANGES or EVENTS. Default: ${DEFAULT-VALUE}.")
  private ThroughputScenario.Entry entry = ThroughputScenario.Entry.EVENTS;

  @Mixin private BrokerOption broker = new BrokerOption();

  @Option(
      names = "--roles",
      split = ",",
      description = "${COMPLETION-CANDIDATES}. Default: all of them.")
  private Set<Role> roles = EnumSet.allOf(Role.class);

  @Option(
      names = "--uncommitted",
      description = "Read results uncommitted, as ingest does for callers who wait.")
  private boolean uncommitted;

  @Option(
      names = "--client",
      paramLabel = "KEY=VALUE",
      description = "A setting for the Kafka clients of both pipelines; may be repeated.")
  private Map<String, String> clientSettings = new LinkedHashMap<>();

  @Override
  Report measure() throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (WorkFolder folder = WorkFolder.create("b3");
        Cluster cluster = Cluster.start(broker.placement(), folder.path())) {
      Map<Integer, Latencies> nothing = runNull(cluster, folder.path());
      Map<Integer, Latencies> pipeline = runPipeline(cluster, folder.path());
      for (int rate : rates) {
        addFigures(figures, rate, of(nothing, rate), of(pipeline, rate));
      }
    }
    return new Report("b3", "event to committed result", Instant.now(), settings(), figures);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("seconds", seconds);
    settings.put("warmUpSeconds", warmUpSeconds);
    settings.put("entry", entry.name());
    settings.put("broker", broker.placement().toString());
    settings.put("roles", EnumSet.copyOf(roles).toString());
    settings.put("isolation", isolation().toString());
    if (!clientSettings.isEmpty()) {
      settings.put("client", clientSettings);
    }
    return settings;
  }

  private IsolationLevel isolation() {
    return uncommitted ? IsolationLevel.READ_UNCOMMITTED : IsolationLevel.READ_COMMITTED;
  }

  private Map<Integer, Latencies> runPipeline(Cluster cluster, Path folder) throws Exception {
    progress("pipeline");
    Path data = Files.createDirectories(folder.resolve("pipeline"));
    Map<String, Object> changes =
        Map.of(
            "providers", Pipeline.simulated(0),
            "home", Map.of("threads", THREADS),
            "topics", Map.of("partitions", PARTITIONS));
    KafkaConnection connection = cluster.connection(clientSettings);
    try (Pipeline pipeline = Pipeline.start(connection, data, roles, changes)) {
      return atEachRate(
          cluster,
          pipeline.topics().completions().name(),
          load ->
              switch (entry) {
                case EXCHANGES ->
                    Feed.exchanges(cluster.connection(), pipeline.topics(), pipeline.scope(), load);
                case EVENTS -> Feed.events(cluster.connection(), pipeline.topics(), load);
              },
          pipeline::checkHealth);
    }
  }

  private Map<Integer, Latencies> runNull(Cluster cluster, Path folder) throws Exception {
    progress("null pipeline");
    try (NullPipeline pipeline =
        NullPipeline.start(
            cluster.connection(clientSettings),
            folder.resolve("null"),
            PARTITIONS,
            THREADS,
            entry == ThroughputScenario.Entry.EVENTS)) {
      return atEachRate(
          cluster,
          pipeline.out(),
          load -> nullFeed(cluster, pipeline.in(), load),
          pipeline::checkHealth);
    }
  }

  /** Bytes of exchanges under their request ids, so that results are told apart. */
  private static Feed nullFeed(Cluster cluster, String topic, Workload load) {
    var serializer =
        new AvroSerdes(new InMemorySchemaRegistry()).forType(Exchange.class).serializer();
    Feed.BytesFeed bytes = new Feed.BytesFeed(cluster.connection());
    return new Feed() {
      @Override
      public void send(long number) {
        byte[] value = serializer.serialize(topic, load.exchange(number));
        bytes.send(new ProducerRecord<>(topic, load.requestId(number), value));
      }

      @Override
      public void close() {
        bytes.close();
      }
    };
  }

  private interface FeedFactory {
    Feed open(Workload load);
  }

  private Map<Integer, Latencies> atEachRate(
      Cluster cluster, String topic, FeedFactory feeds, Runnable health) throws Exception {
    run(cluster, topic, feeds, health, "warm", rates.getLast(), warmUpSeconds);
    Map<Integer, Latencies> byRate = new LinkedHashMap<>();
    for (int rate : rates) {
      byRate.put(rate, run(cluster, topic, feeds, health, "at" + rate, rate, seconds));
    }
    return byRate;
  }

  private Latencies run(
      Cluster cluster,
      String topic,
      FeedFactory feeds,
      Runnable health,
      String name,
      int rate,
      int seconds)
      throws Exception {
    int count = Math.max(1, rate * seconds);
    Workload load = new Workload(name, 16, "simulated/any");
    AtomicLongArray due = new AtomicLongArray(count);
    Latencies latencies = new Latencies();
    java.util.function.Consumer<ConsumerRecord<String, byte[]>> note =
        result -> {
          int number = (int) load.numberOf(result.key());
          latencies.recordNanos(System.nanoTime() - due.get(number));
        };
    try (Results results =
            Results.of(cluster.connection(), topic, isolation(), cluster.cpu(), note);
        Feed feed = feeds.open(load)) {
      var all = results.at(count);
      OpenLoop.run(
          rate,
          count,
          (number, dueNanos) -> {
            due.set(number, dueNanos);
            feed.send(number);
          });
      results.await(all, TIMEOUT, health);
    }
    return latencies;
  }

  private static void addFigures(
      List<Figure> figures, int rate, Latencies nothing, Latencies pipeline) {
    for (double percentile : PERCENTILES) {
      String name = "p%.0f at %d/s".formatted(percentile, rate);
      double ours = pipeline.millisAt(percentile);
      double theirs = nothing.millisAt(percentile);
      figures.add(Figure.of("pipeline, " + name, ours, "ms"));
      figures.add(Figure.of("null pipeline, " + name, theirs, "ms"));
      figures.add(
          Figure.of(
              "pipeline / null pipeline, " + name, ours / theirs, "", Goal.atMost(GOAL_RATIO)));
    }
    figures.add(Figure.of("results at %d/s".formatted(rate), pipeline.count(), ""));
  }

  private static Latencies of(Map<Integer, Latencies> byRate, int rate) {
    return java.util.Objects.requireNonNull(byRate.get(rate));
  }
}
