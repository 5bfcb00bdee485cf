package io.millrace.benchmarks;

import io.millrace.benchmarks.Results.Mark;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Deserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** B11: a long load through a provider that fails in every way, while workers are killed. */
@Command(
    name = "b11",
    description =
        "A provider with 5 %% errors, 2 %% 429 and 1 %% hangs, two worker processes, one of them"
            + " killed (SIGKILL) again and again: one result for each request, calls within the"
            + " rules, and what the other one holds at the beginning and at the end.",
    mixinStandardHelpOptions = true)
final class SoakScenario extends Scenario {

  static final String MISSING = "requests without a result";
  static final String DUPLICATES = "requests with more than one";
  static final String KILLS = "kills";
  static final String ERRORS = "requests that ended with an error";

  private static final List<String> JVM_OPTIONS = List.of("-Xmx512m");
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration TIMEOUT = Duration.ofMinutes(60);

  /** Call records are sent with their outcome; what comes later than this is none of ours. */
  private static final Duration LATE = Duration.ofSeconds(3);

  @Option(names = "--requests", description = "How many. Default: ${DEFAULT-VALUE}.")
  private int requests = 200_000;

  @Option(names = "--warm-up", description = "Of them, before. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 20_000;

  @Option(names = "--window", description = "Under way at once. Default: ${DEFAULT-VALUE}.")
  private int window = 2_000;

  @Option(names = "--in-flight", description = "Calls of a worker. Default: ${DEFAULT-VALUE}.")
  private int inFlight = 500;

  @Option(names = "--kill-seconds", description = "Between kills. Default: ${DEFAULT-VALUE}.")
  private double killSeconds = 15;

  @Option(names = "--broker", description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Cluster.Placement broker = Cluster.Placement.PROCESS;

  private final List<Figure> figures = new ArrayList<>();
  private int kills;

  @Override
  Report measure() throws Exception {
    Workload load = new Workload("soak", 16, WorkerScenario.PROVIDER + "/any");
    Seen seen = new Seen(load);
    CallTally calls = new CallTally();
    ErrorTally errors = new ErrorTally();
    try (WorkFolder folder = WorkFolder.create("b11");
        Cluster cluster = Cluster.start(broker, folder.path());
        SchemaRegistry registry = cluster.connection().openRegistry();
        Pipeline pipeline =
            Pipeline.start(
                cluster.connection(),
                folder.path(),
                EnumSet.of(Role.HOOKS),
                Map.of("providers", Pipeline.simulated(20), "plugins", Chain.PLAIN.plugins()));
        ChildProcess steady = worker(cluster.connection(), folder.path(), "steady");
        Results attempts = attempts(cluster, pipeline, registry, calls);
        Results results =
            Results.of(
                cluster.connection(),
                pipeline.topics().completions().name(),
                IsolationLevel.READ_COMMITTED,
                cluster.cpu(),
                noting(seen, errors, registry))) {
      var unused = steady.await(ParentProcess.READY, START_TIMEOUT);
      CompletableFuture<Mark> warm = results.at(warmUp);
      CompletableFuture<Mark> all = results.at(requests);
      Feed feed = Feed.exchanges(cluster.connection(), pipeline.topics(), pipeline.scope(), load);
      try (WindowedLoad sender = WindowedLoad.start(feed, results, requests, window)) {
        Runnable health =
            () -> {
              pipeline.checkHealth();
              sender.checkHealth();
            };
        progress("warm-up");
        Mark begin = results.await(warm, TIMEOUT, health);
        ProcessState before = state(steady);
        ProcessState homeBefore = ProcessState.current();
        progress("load and kills");
        killUntil(all, cluster.connection(), folder.path(), health);
        Mark end = results.await(all, TIMEOUT, health);
        Thread.sleep(LATE.toMillis());
        figures(begin, end, seen, calls);
        figures(errors);
        held("worker that is never killed", before, state(steady));
        ProcessState homeAfter = ProcessState.current();
        held("home stages", homeBefore, homeAfter);
      }
    }
    return new Report("b11", "a long load while workers die", Instant.now(), settings(), figures);
  }

  private ChildProcess worker(KafkaConnection connection, Path folder, String name)
      throws IOException {
    return ChildProcess.java(
        JVM_OPTIONS,
        List.of(
            SoakWorkerMain.NAME,
            connection.bootstrapServers(),
            connection.schemaRegistryUrl(),
            Integer.toString(inFlight)),
        folder.resolve(name + ".log"));
  }

  private void killUntil(
      CompletableFuture<Mark> all, KafkaConnection connection, Path folder, Runnable health)
      throws IOException, InterruptedException {
    do { // one dies in any case, however soon all is done
      health.run();
      try (ChildProcess doomed = worker(connection, folder, "doomed")) {
        var unused = doomed.await(ParentProcess.READY, START_TIMEOUT);
        long until = System.nanoTime() + (long) (killSeconds * 1e9);
        while (!all.isDone() && System.nanoTime() - until < 0) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
        if (doomed.handle().destroyForcibly()) {
          kills++;
        }
      }
    } while (!all.isDone());
  }

  private static ProcessState state(ChildProcess worker) throws IOException, InterruptedException {
    worker.ask();
    return ProcessState.parse(worker.await(SoakWorkerMain.STATE, START_TIMEOUT));
  }

  private static Results attempts(
      Cluster cluster, Pipeline pipeline, SchemaRegistry registry, CallTally calls) {
    Deserializer<ProviderCall> values =
        new AvroSerdes(registry).forType(ProviderCall.class).deserializer();
    return Results.of(
        cluster.connection(),
        pipeline.topics().attempts().name(),
        IsolationLevel.READ_UNCOMMITTED,
        cluster.cpu(),
        record -> calls.note(values.deserialize(record.topic(), record.value())));
  }

  private static Consumer<ConsumerRecord<String, byte[]>> noting(
      Seen seen, ErrorTally errors, SchemaRegistry registry) {
    Deserializer<CompletionResult> values =
        new AvroSerdes(registry).forType(CompletionResult.class).deserializer();
    return record -> {
      seen.note(record);
      errors.note(values.deserialize(record.topic(), record.value()));
    };
  }

  private void figures(ErrorTally errors) {
    figures.add(Figure.of(ERRORS, errors.total(), "", Goal.atMost(0)));
    errors.byCode().forEach((code, count) -> figures.add(Figure.of("of them " + code, count, "")));
  }

  private void figures(Mark begin, Mark end, Seen seen, CallTally calls) {
    int mostOfOne = (SoakWorkerMain.RETRIES + 1) * (1 + kills);
    figures.add(Figure.of(MISSING, seen.missing(requests), "", Goal.atMost(0)));
    figures.add(Figure.of(DUPLICATES, seen.duplicates(), "", Goal.atMost(0)));
    figures.add(Figure.of(KILLS, kills, ""));
    figures.add(Figure.of("throughput", end.perSecondSince(begin), "1/s"));
    figures.add(Figure.of("calls for a request", calls.calls() / (double) requests, ""));
    figures.add(Figure.of("calls that failed", calls.failed() * 100.0 / calls.calls(), "%"));
    figures.add(Figure.of("most calls of one attempt", calls.most(), "", Goal.atMost(mostOfOne)));
    figures.add(
        Figure.of(
            "calls made again after a kill",
            calls.repeated(),
            "",
            Goal.atMost((double) kills * inFlight * (SoakWorkerMain.RETRIES + 1))));
  }

  private void held(String process, ProcessState before, ProcessState after) {
    figures.add(Figure.of(process + ", threads before", before.threads(), ""));
    figures.add(Figure.of(process + ", threads after", after.threads(), ""));
    figures.add(Figure.of(process + ", sockets before", before.sockets(), ""));
    figures.add(Figure.of(process + ", sockets after", after.sockets(), ""));
    figures.add(Figure.of(process + ", heap before", before.heapMib(), "MiB"));
    figures.add(Figure.of(process + ", heap after", after.heapMib(), "MiB"));
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("requests", requests);
    settings.put("warmUp", warmUp);
    settings.put("window", window);
    settings.put("inFlight", inFlight);
    settings.put("killSeconds", killSeconds);
    settings.put("retries", SoakWorkerMain.RETRIES);
    settings.put("broker", broker.toString());
    return settings;
  }
}
