package io.millrace.benchmarks;

import io.millrace.ingest.ExchangePublisher;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** B13: a provider dies and comes back; who answers meanwhile, and from when on. */
@Command(
    name = "b13",
    description =
        "A provider fails for a third of the time: how long until another answers, what callers"
            + " see, and how long after its return it answers again.",
    mixinStandardHelpOptions = true)
final class FailoverScenario extends Scenario {

  static final String ANSWERS = "answers";
  static final String FAILED = "requests that failed";
  static final String FAILOVER = "from its end to the first answer of the other";
  static final String RECOVERY = "from its return to its first answer";

  private static final String MAIN = "main";
  private static final String SPARE = "spare";
  private static final String ERROR = "error";
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(1);

  @Option(names = "--rate", description = "Per second. Default: ${DEFAULT-VALUE}.")
  private int rate = 50;

  @Option(names = "--seconds", description = "In all. Default: ${DEFAULT-VALUE}.")
  private int seconds = 90;

  @Option(names = "--warm-up", description = "Requests before. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 5_000;

  @Option(names = "--latency-ms", description = "Of both. Default: ${DEFAULT-VALUE}.")
  private long latencyMillis = 20;

  @Option(names = "--broker", description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Cluster.Placement broker = Cluster.Placement.PROCESS;

  private final List<Figure> figures = new ArrayList<>();

  @Override
  Report measure() throws Exception {
    try (WorkFolder folder = WorkFolder.create("b13");
        UpstreamServer main = UpstreamServer.start(Duration.ofMillis(latencyMillis));
        UpstreamServer spare = UpstreamServer.start(Duration.ofMillis(latencyMillis));
        Cluster cluster = Cluster.start(broker, folder.path());
        SchemaRegistry registry = cluster.connection().openRegistry();
        Pipeline pipeline =
            Pipeline.start(
                cluster.connection(),
                folder.path(),
                EnumSet.of(Role.HOOKS, Role.PROVIDERS, Role.ANALYTICS),
                changes(main, spare));
        ExchangePublisher publisher =
            ExchangePublisher.open(
                cluster.connection(), pipeline.topics(), pipeline.scope(), DELIVERY_TIMEOUT)) {
      Deserializer<CompletionResult> values =
          new AvroSerdes(registry).forType(CompletionResult.class).deserializer();
      progress("warm-up");
      Course warm = new Course("warm", warmUp, values);
      try (Results results = warm.results(cluster, pipeline)) {
        warm.load.sendAtOnce(publisher);
        warm.load.await(TIMEOUT, pipeline::checkHealth);
      }
      progress("one provider answers, fails, answers");
      Course course = new Course("b13", Math.max(3, rate * seconds), values);
      try (Results results = course.results(cluster, pipeline)) {
        course.run(rate, publisher, main);
        course.load.await(TIMEOUT, pipeline::checkHealth);
      }
      course.addTo(figures);
    }
    return new Report("b13", "a provider dies and comes back", Instant.now(), settings(), figures);
  }

  private static Map<String, Object> changes(UpstreamServer main, UpstreamServer spare) {
    return Map.of(
        "providers",
        Map.of(MAIN, provider(main), SPARE, provider(spare)),
        "requests",
        Map.of("default_provider", MAIN),
        "plugins",
        Chain.PLAIN.plugins());
  }

  private static Map<String, Object> provider(UpstreamServer server) {
    return Map.of(
        "type",
        "openai",
        "base_url",
        server.baseUrl().toString(),
        "keys",
        List.of(Map.of("name", "none", "value", "none")),
        "retries",
        Map.of("max", 1, "initial_backoff", "100ms"));
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("rate", rate);
    settings.put("seconds", seconds);
    settings.put("warmUp", warmUp);
    settings.put("latencyMillis", latencyMillis);
    settings.put("retries", 1);
    settings.put("broker", broker.toString());
    return settings;
  }

  /** A load whose first provider fails in its second third. */
  private static final class Course {

    private final TimedLoad load;
    private final int count;
    private final Deserializer<CompletionResult> values;

    /** Who answered; {@link #ERROR} for nobody. */
    private final AtomicReferenceArray<@Nullable String> answeredBy;

    Course(String name, int count, Deserializer<CompletionResult> values) {
      this.count = count;
      this.values = values;
      this.answeredBy = new AtomicReferenceArray<>(count);
      this.load =
          new TimedLoad(
              new Workload(name, 16, MAIN + "/any"),
              count,
              exchange -> exchange.getRequest().setFallbacks(List.of(SPARE + "/any")));
    }

    Results results(Cluster cluster, Pipeline pipeline) {
      return Results.of(
          cluster.connection(),
          pipeline.topics().completions().name(),
          IsolationLevel.READ_UNCOMMITTED,
          cluster.cpu(),
          this::note);
    }

    void run(int rate, ExchangePublisher publisher, UpstreamServer main) {
      OpenLoop.run(
          rate,
          count,
          (number, due) -> {
            if (number == end()) {
              main.fail(true);
            } else if (number == back()) {
              main.fail(false);
            }
            load.send(number, due, publisher);
          });
    }

    void addTo(List<Figure> figures) {
      figures.add(Figure.of(ANSWERS, load.answered(), ""));
      figures.add(Figure.of(FAILED, numbers(0, count, ERROR).count(), "", Goal.atMost(0)));
      addFirst(figures, FAILOVER, end(), SPARE);
      percentiles(figures, "before", 0, end());
      percentiles(figures, "while it is down", end(), back());
      percentiles(figures, "after", back(), count);
      addFirst(figures, RECOVERY, back(), MAIN);
      long lastOther =
          numbers(back(), count, SPARE).mapToLong(load::dueNanos).max().orElse(backNanos());
      figures.add(
          Figure.of(
              "from its return to the last request that the other answered",
              (lastOther - backNanos()) / 1e6,
              "ms"));
    }

    private void percentiles(List<Figure> figures, String when, int from, int to) {
      Latencies latencies = load.latencies(from, to);
      figures.add(Figure.of("p50 " + when, latencies.millisAt(50), "ms"));
      figures.add(Figure.of("p99 " + when, latencies.millisAt(99), "ms"));
    }

    /**
     * From when a request was due to the first answer that a provider gave to it or a later one; a
     * goal that is missed where there was none within the run.
     */
    private void addFirst(List<Figure> figures, String figure, int from, String provider) {
      OptionalLong first = numbers(from, count, provider).mapToLong(load::doneNanos).min();
      figures.add(
          first.isPresent()
              ? Figure.of(figure, (first.getAsLong() - load.dueNanos(from)) / 1e6, "ms")
              : Figure.of(figure + ": not within the run", 1, "", Goal.atMost(0)));
    }

    private IntStream numbers(int from, int to, String provider) {
      IntPredicate its = number -> provider.equals(answeredBy.get(number));
      return IntStream.range(from, to).filter(its);
    }

    private int end() {
      return count / 3;
    }

    private int back() {
      return count * 2 / 3;
    }

    private long backNanos() {
      return load.dueNanos(back());
    }

    private void note(ConsumerRecord<String, byte[]> record) {
      int number = load.numberOf(record);
      if (number >= 0) {
        CompletionResult result = values.deserialize(record.topic(), record.value());
        answeredBy.set(
            number, result.getOutcome() instanceof Completion ? result.getProvider() : ERROR);
        load.note(record);
      }
    }
  }
}
