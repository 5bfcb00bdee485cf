package io.millrace.benchmarks;

import io.millrace.benchmarks.Results.Mark;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Target;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** B4: what a worker makes of ten thousand calls in flight, in a process of its own. */
@Command(
    name = "b4",
    description =
        "A worker process of 512 MB heap with thousands of slow calls in flight, against virtual"
            + " threads that only sleep.",
    mixinStandardHelpOptions = true)
final class WorkerScenario extends Scenario {

  static final String PROVIDER = "simulated";
  static final String REPLIES = "replies";

  private static final int PARTITIONS = 4;
  private static final double GOAL_CALLS_PER_SECOND = 9_000;
  private static final double GOAL_CPU_SECONDS = 20;
  private static final double CALLS_OF_CPU_GOAL = 100_000;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** Nothing but the heap is asked for: this is what an operator would write. */
  private static final List<String> JVM_OPTIONS = List.of("-Xmx512m");

  @Option(names = "--calls", description = "How many. Default: ${DEFAULT-VALUE}.")
  private int calls = 150_000;

  @Option(names = "--in-flight", description = "How many at once. Default: ${DEFAULT-VALUE}.")
  private int inFlight = 10_000;

  @Option(names = "--latency-ms", description = "Of each call. Default: ${DEFAULT-VALUE}.")
  private long latencyMillis = 1_000;

  private final TopicCatalogue topics = new TopicCatalogue("millrace.", PARTITIONS);

  @Override
  Report measure() throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (WorkFolder folder = WorkFolder.create("b4")) {
      progress("sleeping threads");
      double baseline = sleepers(figures, folder.path());
      try (Cluster cluster = Cluster.start(Cluster.Placement.PROCESS, folder.path())) {
        progress("dispatches");
        publish(cluster.connection());
        progress("worker");
        worker(figures, cluster, folder.path(), baseline);
      }
    }
    return new Report("b4", "a worker alone", Instant.now(), settings(), figures);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("calls", calls);
    settings.put("inFlight", inFlight);
    settings.put("latencyMillis", latencyMillis);
    settings.put("jvmOptions", JVM_OPTIONS);
    return settings;
  }

  private double sleepers(List<Figure> figures, Path folder)
      throws IOException, InterruptedException {
    try (ChildProcess process =
        ChildProcess.java(
            JVM_OPTIONS,
            List.of(
                SleepersMain.NAME,
                Integer.toString(calls),
                Integer.toString(inFlight),
                Long.toString(latencyMillis)),
            folder.resolve("sleepers.log"))) {
      String[] said = process.await(SleepersMain.DONE, TIMEOUT).split(" ");
      double perSecond = Double.parseDouble(said[0]);
      figures.add(Figure.of("sleeping threads", perSecond, "1/s"));
      figures.add(
          Figure.of(
              "sleeping threads, CPU per 100,000",
              Double.parseDouble(said[1]) * CALLS_OF_CPU_GOAL / calls,
              "s"));
      return perSecond;
    }
  }

  private void publish(KafkaConnection connection) throws InterruptedException {
    try (Admin admin = Admin.create(connection.clientProperties())) {
      TopicCreator.createMissing(
          admin, topics.all(List.of(TopicCatalogue.HOME), List.of(PROVIDER)), (short) 1);
    }
    String topic = topics.dispatch(PROVIDER, Lane.INTERACTIVE).name();
    Workload load = new Workload("b4", 16, PROVIDER + "/any");
    Feed.BytesFeed feed = new Feed.BytesFeed(connection);
    try (SchemaRegistry registry = connection.openRegistry();
        feed) {
      var serializer = new AvroSerdes(registry).forType(Exchange.class).serializer();
      for (int number = 0; number < calls; number++) {
        Exchange exchange = dispatch(load, number);
        feed.send(
            new ProducerRecord<>(
                topic, exchange.getExchangeId(), serializer.serialize(topic, exchange)));
      }
      feed.flush();
    }
  }

  /** As the home stage would send it. */
  private Exchange dispatch(Workload load, long number) {
    Exchange exchange = load.exchange(number);
    exchange.setLane(Lane.INTERACTIVE);
    exchange.setAttempt(1);
    exchange.setTarget(new Target(PROVIDER, "any"));
    exchange.setAttemptStartedAtMillis(exchange.getAcceptedAtMillis());
    String replies = topics.stageReplies(TopicCatalogue.HOME).name();
    exchange.setFrames(List.of(new Frame(replies, exchange.getTenant(), List.of())));
    return exchange;
  }

  private void worker(List<Figure> figures, Cluster cluster, Path folder, double baseline)
      throws Exception {
    KafkaConnection connection = cluster.connection();
    try (ChildProcess process =
        ChildProcess.java(
            JVM_OPTIONS,
            List.of(
                WorkerMain.NAME,
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                Integer.toString(inFlight),
                Long.toString(latencyMillis)),
            folder.resolve("worker.log"))) {
      CpuTime cpu = new CpuTime(List.of(process.handle()));
      try (Results results =
          Results.of(
              connection,
              topics.stageReplies(TopicCatalogue.HOME).name(),
              IsolationLevel.READ_UNCOMMITTED,
              cpu,
              reply -> {})) {
        var begin = results.at(Math.max(1, calls / 3));
        var end = results.at(calls);
        process.await(ParentProcess.READY, START_TIMEOUT);
        Mark first = results.await(begin, TIMEOUT, () -> {});
        Mark last = results.await(end, TIMEOUT, () -> {});
        process.finish();
        String[] peaks = process.await(WorkerMain.PEAKS, TIMEOUT).split(" ");
        workerFigures(figures, first, last, baseline);
        figures.add(Figure.of("most calls in flight", Double.parseDouble(peaks[0]), ""));
        figures.add(Figure.of("most heap used", Double.parseDouble(peaks[1]), "MiB"));
        figures.add(Figure.of(REPLIES, results.count(), ""));
      }
    }
  }

  private void workerFigures(List<Figure> figures, Mark first, Mark last, double baseline) {
    double perSecond = last.perSecondSince(first);
    figures.add(Figure.of("worker", perSecond, "1/s", Goal.atLeast(GOAL_CALLS_PER_SECOND)));
    figures.add(Figure.of("worker / sleeping threads", perSecond / baseline, ""));
    figures.add(
        Figure.of(
            "worker, CPU per 100,000 calls, start included",
            last.cpu().toMillis() / 1e3 * CALLS_OF_CPU_GOAL / calls,
            "s",
            Goal.atMost(GOAL_CPU_SECONDS)));
    figures.add(
        Figure.of(
            "worker, CPU per 100,000 calls, warm",
            last.cpuMicrosEachSince(first) * CALLS_OF_CPU_GOAL / 1e6,
            "s"));
  }
}
