package io.millrace.benchmarks;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.streams.StreamsDefaults;
import io.millrace.schemas.streams.StreamsRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;

/**
 * What the broker and the client libraries can do by themselves: the pipeline's way with nothing on
 * it. An exactly-once Streams application copies requests to dispatches and replies to results, a
 * plain consumer and producer copy dispatches to replies, all with the pipeline's own settings.
 * With admission, another Streams application copies events to requests in front of that.
 */
final class NullPipeline implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final List<StreamsRunner> runners;
  private final PlainCopy worker;
  private final Names names;

  private NullPipeline(List<StreamsRunner> runners, PlainCopy worker, Names names) {
    this.runners = runners;
    this.worker = worker;
    this.names = names;
  }

  /** Its topics. */
  private record Names(
      String events, String requests, String dispatches, String replies, String results) {

    static Names of(String prefix) {
      return new Names(
          prefix + "events",
          prefix + "requests",
          prefix + "dispatches",
          prefix + "replies",
          prefix + "results");
    }

    List<String> all() {
      return List.of(events, requests, dispatches, replies, results);
    }
  }

  /**
   * Starts it and returns when it copies.
   *
   * @param admission whether events pass another Streams application first
   */
  static NullPipeline start(
      KafkaConnection connection, Path stateDir, int partitions, int threads, boolean admission)
      throws InterruptedException {
    Names names = Names.of(admission ? "null-admission." : "null.");
    create(connection, names, partitions);
    List<StreamsRunner> runners = new ArrayList<>();
    runners.add(
        StreamsRunner.start(
            home(names),
            StreamsDefaults.exactlyOnce(connection, names.requests() + "-home", stateDir, threads),
            names.all()::contains));
    if (admission) {
      runners.add(
          StreamsRunner.start(
              admission(names),
              StreamsDefaults.exactlyOnce(connection, names.events() + "-admission", stateDir, 1)));
    }
    PlainCopy worker = PlainCopy.start(connection, names.dispatches(), names.replies());
    NullPipeline started = new NullPipeline(runners, worker, names);
    started.awaitReady();
    return started;
  }

  private static Topology home(Names names) {
    Topology topology = new Topology();
    copy(topology, names.requests(), names.dispatches());
    copy(topology, names.replies(), names.results());
    return topology;
  }

  private static Topology admission(Names names) {
    Topology topology = new Topology();
    copy(topology, names.events(), names.requests());
    return topology;
  }

  private static void copy(Topology topology, String from, String to) {
    topology.addSource("from-" + from, new StringDeserializer(), new ByteArrayDeserializer(), from);
    topology.addSink(
        "to-" + to, to, new StringSerializer(), new ByteArraySerializer(), "from-" + from);
  }

  private static void create(KafkaConnection connection, Names names, int partitions)
      throws InterruptedException {
    try (Admin admin = Admin.create(connection.clientProperties())) {
      admin
          .createTopics(
              names.all().stream().map(name -> new NewTopic(name, partitions, (short) 1)).toList())
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot create the null pipeline's topics", e.getCause());
    }
  }

  private void awaitReady() throws InterruptedException {
    long until = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!worker.ready() || !runners.stream().allMatch(StreamsRunner::ready)) {
      checkHealth();
      if (System.nanoTime() > until) {
        throw new IllegalStateException("the null pipeline did not start");
      }
      TimeUnit.NANOSECONDS.sleep(POLL_NANOS);
    }
  }

  /** Where its way begins. */
  String in() {
    return runners.size() > 1 ? names.events() : names.requests();
  }

  /** Where its way ends. */
  String out() {
    return names.results();
  }

  /** Throws when a part of it has stopped. */
  void checkHealth() {
    worker.checkHealth();
    for (StreamsRunner runner : runners) {
      runner
          .failure()
          .ifPresent(
              failure -> {
                throw new IllegalStateException("the null pipeline stopped", failure);
              });
    }
  }

  @Override
  public void close() throws InterruptedException {
    worker.close();
    runners.forEach(StreamsRunner::close);
  }
}
