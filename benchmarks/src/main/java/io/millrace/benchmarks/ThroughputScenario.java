package io.millrace.benchmarks;

import io.millrace.benchmarks.Results.Mark;
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
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** B1: how many requests a second the whole pipeline takes from request to committed result. */
@Command(
    name = "b1",
    description =
        "Throughput of the whole pipeline, exactly-once, simulated provider without latency,"
            + " against a null pipeline that copies the same bytes over the same hops.",
    mixinStandardHelpOptions = true)
final class ThroughputScenario extends Scenario {

  /** Without latency; with a price, so that budgets have something to count. */
  private static final Map<String, Object> SIMULATED =
      Map.of(
          "type",
          "simulated",
          "latency_ms",
          0,
          "prices",
          Map.of("any", Map.of("input", 0.1, "output", 0.4)));

  static final String RATE = "pipeline";
  static final String NULL_RATE = "null pipeline";
  static final String RATIO = "pipeline / null pipeline";
  static final String MISSING = "requests without a result";
  static final String DUPLICATES = "results more than one for a request";

  private static final double GOAL_PER_SECOND = 5_000;
  private static final double GOAL_RATIO = 0.4;
  private static final int DISTINCT_NULL_VALUES = 1_000;
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Option(names = "--requests", description = "How many are measured. Default: ${DEFAULT-VALUE}.")
  private long requests = 100_000;

  @Option(names = "--warm-up", description = "How many go before. Default: ${DEFAULT-VALUE}.")
  private long warmUp = 50_000;

  @Option(names = "--window", description = "How many are under way. Default: ${DEFAULT-VALUE}.")
  private long window = 20_000;

  @Mixin private LoadOptions width = new LoadOptions();

  @Option(names = "--scope", description = "tenant or request. Default: ${DEFAULT-VALUE}.")
  private String scope = "tenant";

  @Option(
      names = "--entry",
      description =
          "EXCHANGES: admission in the load generator, as batches do it; EVENTS: the requests"
              + " topic. Default: ${DEFAULT-VALUE}.")
  private Entry entry = Entry.EXCHANGES;

  @Mixin private BrokerOption broker = new BrokerOption();

  @Option(
      names = "--roles",
      split = ",",
      description = "${COMPLETION-CANDIDATES}. Default: all of them.")
  private Set<Role> roles = EnumSet.allOf(Role.class);

  @Option(names = "--no-baseline", description = "Leave the null pipeline out.")
  private boolean noBaseline;

  @Option(names = "--topics", description = "Say what each topic takes for a request.")
  private boolean eachTopic;

  @Option(
      names = "--chain",
      description =
          "PLAIN: logging and metrics; DEFAULT: as without a configuration; LIMITED: the same with"
              + " limits and a budget. Default: ${DEFAULT-VALUE}.",
      defaultValue = "LIMITED")
  private Chain chain = Chain.LIMITED;

  @Option(
      names = "--client",
      paramLabel = "KEY=VALUE",
      description = "A setting for the Kafka clients of both pipelines; may be repeated.")
  private Map<String, String> clientSettings = new LinkedHashMap<>();

  @Option(
      names = "--broker-jvm",
      split = " ",
      description = "JVM options of the broker's process. Default: -Xmx1g.")
  private List<String> brokerJvm = List.of("-Xmx1g");

  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();

  /** Where requests go in. */
  enum Entry {
    EXCHANGES,
    EVENTS
  }

  /** What one load came to. */
  private record Run(Mark begin, Mark end, Map<String, LogVolume.Volume> written) {

    double perSecond() {
      return end.perSecondSince(begin);
    }

    double cpuMicrosEach() {
      return end.cpuMicrosEachSince(begin);
    }

    /** Over warm-up and measurement: all results there are. */
    LogVolume.Volume writtenInAll() {
      return written.values().stream().reduce(LogVolume.Volume.NOTHING, LogVolume.Volume::plus);
    }
  }

  @Override
  Report measure() throws Exception {
    note();
    try (WorkFolder folder = WorkFolder.create("b1");
        Cluster cluster = Cluster.start(broker.placement(), folder.path(), brokerJvm)) {
      if (noBaseline) {
        pipelineFigures(runPipeline(cluster, folder.path()));
      } else {
        Run nothing = runNull(cluster, folder.path());
        Run pipeline = runPipeline(cluster, folder.path());
        pipelineFigures(pipeline);
        nullFigures(nothing, pipeline);
      }
    }
    return new Report("b1", "throughput of the whole pipeline", Instant.now(), settings, figures);
  }

  private void note() {
    settings.put("requests", requests);
    settings.put("warmUp", warmUp);
    settings.put("window", window);
    width.addTo(settings);
    settings.put("scope", scope);
    settings.put("chain", chain.name());
    settings.put("entry", entry.name());
    settings.put("broker", broker.placement().toString());
    settings.put("roles", EnumSet.copyOf(roles).toString());
    if (!clientSettings.isEmpty()) {
      settings.put("client", clientSettings);
    }
  }

  private Run runPipeline(Cluster cluster, Path folder) throws Exception {
    progress("pipeline");
    Path data = Files.createDirectories(folder.resolve("pipeline"));
    Workload load = new Workload("b1", width.tenants(), "simulated/any");
    Seen seen = new Seen(load);
    KafkaConnection connection = cluster.connection(clientSettings);
    try (Pipeline pipeline = Pipeline.start(connection, data, roles, changes());
        Results results =
            Results.of(
                cluster.connection(),
                pipeline.topics().completions().name(),
                IsolationLevel.READ_COMMITTED,
                cluster.cpu(),
                seen::note)) {
      Run run = drive(cluster, results, feed(connection, pipeline, load), pipeline::checkHealth);
      figures.add(Figure.of(MISSING, seen.missing(warmUp + requests), "", Goal.atMost(0)));
      figures.add(Figure.of(DUPLICATES, seen.duplicates(), "", Goal.atMost(0)));
      return run;
    }
  }

  private Map<String, Object> changes() {
    return Map.of(
        "plugins",
        chain.plugins(),
        "providers",
        Map.of("simulated", SIMULATED),
        "home",
        Map.of("threads", width.threads(), "scope", scope),
        "topics",
        Map.of("partitions", width.partitions()));
  }

  private Feed feed(KafkaConnection connection, Pipeline pipeline, Workload load) {
    return switch (entry) {
      case EXCHANGES -> Feed.exchanges(connection, pipeline.topics(), pipeline.scope(), load);
      case EVENTS -> Feed.events(connection, pipeline.topics(), load);
    };
  }

  private Run runNull(Cluster cluster, Path folder) throws Exception {
    progress("null pipeline");
    try (NullPipeline pipeline =
            NullPipeline.start(
                cluster.connection(clientSettings),
                folder.resolve("null"),
                width.partitions(),
                width.threads(),
                entry == Entry.EVENTS);
        Results results =
            Results.of(
                cluster.connection(),
                pipeline.out(),
                IsolationLevel.READ_COMMITTED,
                cluster.cpu(),
                result -> {})) {
      return drive(
          cluster,
          results,
          nullFeed(cluster.connection(clientSettings), pipeline.in()),
          pipeline::checkHealth);
    }
  }

  /** The bytes of exchanges, encoded before. */
  private Feed nullFeed(KafkaConnection connection, String topic) {
    Workload load = new Workload("b1", width.tenants(), "simulated/any");
    List<byte[]> values = encoded(load, topic);
    settings.put("requestBytes", values.getFirst().length);
    Feed.BytesFeed bytes = new Feed.BytesFeed(connection);
    return new Feed() {
      @Override
      public void send(long number) {
        byte[] value = values.get((int) (number % values.size()));
        bytes.send(new ProducerRecord<>(topic, load.tenant(number), value));
      }

      @Override
      public void close() {
        bytes.close();
      }
    };
  }

  private static List<byte[]> encoded(Workload load, String topic) {
    var serializer =
        new AvroSerdes(new InMemorySchemaRegistry()).forType(Exchange.class).serializer();
    List<byte[]> values = new ArrayList<>(DISTINCT_NULL_VALUES);
    for (int number = 0; number < DISTINCT_NULL_VALUES; number++) {
      values.add(serializer.serialize(topic, load.exchange(number)));
    }
    return values;
  }

  private Run drive(Cluster cluster, Results results, Feed feed, Runnable health)
      throws InterruptedException {
    LogVolume before = LogVolume.of(cluster.connection());
    CompletableFuture<Mark> begin = results.at(Math.max(1, warmUp));
    CompletableFuture<Mark> end = results.at(warmUp + requests);
    try (WindowedLoad load = WindowedLoad.start(feed, results, warmUp + requests, window)) {
      Runnable healths =
          () -> {
            health.run();
            load.checkHealth();
          };
      return new Run(
          results.await(begin, TIMEOUT, healths),
          results.await(end, TIMEOUT, healths),
          LogVolume.of(cluster.connection()).since(before));
    }
  }

  private void pipelineFigures(Run run) {
    figures.addFirst(Figure.of("CPU of a request, all processes", run.cpuMicrosEach(), "µs"));
    figures.addFirst(Figure.of(RATE, run.perSecond(), "1/s", Goal.atLeast(GOAL_PER_SECOND)));
    writtenFigures("a request", run);
    if (eachTopic) {
      run.written().forEach((topic, volume) -> volumeFigures(topic, volume));
    }
  }

  private void nullFigures(Run nothing, Run pipeline) {
    figures.add(Figure.of(NULL_RATE, nothing.perSecond(), "1/s"));
    figures.add(Figure.of("CPU of a copied record, all processes", nothing.cpuMicrosEach(), "µs"));
    writtenFigures("a copied record", nothing);
    figures.add(
        Figure.of(RATIO, pipeline.perSecond() / nothing.perSecond(), "", Goal.atLeast(GOAL_RATIO)));
  }

  private void writtenFigures(String what, Run run) {
    volumeFigures("broker writes for " + what, run.writtenInAll());
  }

  private void volumeFigures(String name, LogVolume.Volume volume) {
    double all = warmUp + requests;
    figures.add(Figure.of(name + ", records", volume.records() / all, ""));
    figures.add(Figure.of(name + ", bytes", volume.bytes() / all, "B"));
  }
}
