package io.millrace.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.ingest.access.Credentials;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.history.RequestHistory;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.models.ReportedModelsTable;
import io.millrace.schemas.models.ReportedModelsView;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.CommitPace;
import io.millrace.schemas.streams.StreamsDefaults;
import io.millrace.schemas.streams.StreamsRunner;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into the pipeline: takes requests over HTTP and from the requests topic, answers callers
 * who wait, and tells what became of a request. Thread-safe.
 */
public final class IngestService implements AutoCloseable {

  static final String COMPLETIONS_THREAD = "millrace-completion-watcher";
  static final String CHUNKS_THREAD = "millrace-chunk-watcher";

  private static final Logger LOG = LoggerFactory.getLogger(IngestService.class);
  private static final Duration STREAMS_CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private final IngestConfig config;
  private final Opened opened;
  private final Waiters waiters;
  private final Intake intake;
  private final TopicWatcher watcher;
  private final TopicWatcher chunkWatcher;
  private final Credentials credentials;
  private final HttpServer http;

  /** Null until HTTP calls are taken: the application tells others the port. */
  private volatile @Nullable StreamsRunner streams;

  private volatile boolean started;

  private IngestService(
      IngestConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry registry,
      Opened opened) {
    this.config = config;
    this.opened = opened;
    IngestMeters meters = new IngestMeters(registry);
    InstantSource clock = InstantSource.system();
    waiters = new Waiters(config.http().maxWaiters());
    meters.watch(waiters);
    AvroSerdes serdes =
        new AvroSerdes(opened.add(connection.openRegistry()), connection.properties());
    Deserializer<CompletionResult> results = serdes.forType(CompletionResult.class).deserializer();
    String completions = topics.completions().name();
    ExchangePublisher publisher =
        opened.add(
            ExchangePublisher.open(
                connection, topics, config.homeScope(), config.deliveryTimeout()));
    watcher =
        opened.add(
            new AudienceWatcher<>(completions, results, waiters, meters)
                .start(TopicWatcher.consumer(connection), COMPLETIONS_THREAD, waiters.attention()));
    OpenStreams readers = new OpenStreams(StreamSettings.defaults());
    chunkWatcher = opened.add(watchChunks(readers, topics, connection, serdes, meters));
    credentials = opened.add(Credentials.open(config.access(), topics, connection, serdes));
    PeerProof proof = new PeerProof(config.access().secret(), config.access().clockSkew(), clock);
    PeerClient peers = opened.add(new PeerClient(config.streams().lookupTimeout(), proof));
    ResultQueries queries = new ResultQueries(config.streams().resultRetention(), clock);
    ResultLookup lookup =
        new DistributedLookup(queries, this::self, peers, completions, results, meters);
    intake =
        new Intake(new Admission(config.admission()), publisher::publish, lookup, meters, clock);
    ResultWait wait =
        new ResultWait(intake, waiters, lookup, config.http().waitGrace(), meters, clock);
    http =
        opened.add(
            HttpApi.start(
                config,
                new KnownModels(config.models(), reported(topics, connection, serdes)),
                new HttpGate(credentials, meters, clock),
                intake,
                wait,
                new StreamAnswer(wait, readers, meters, clock),
                events(connection, topics, serdes, meters, clock),
                new PeerEndpoint(queries::local, proof),
                vitals(),
                registry));
    StreamsRunner runner =
        StreamsRunner.start(
            new IngestTopology(config, topics, serdes, credentials, new Patience(), meters).build(),
            streamsProperties(connection));
    opened.add(() -> close(runner));
    queries.connect(runner.streams());
    streams = runner;
  }

  /**
   * Starts the service. When this returns, HTTP calls are taken; {@link #ready()} says when results
   * can be looked up, too.
   *
   * @param meters where to count; with a Prometheus registry in it, {@code /metrics} serves that
   * @throws IllegalArgumentException when a file that the configuration names cannot be read
   * @throws RuntimeException when the cluster cannot be reached, topics are missing or the port is
   *     taken; nothing stays open then
   */
  public static IngestService start(
      IngestConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters) {
    Opened opened = new Opened();
    try {
      return new IngestService(config, connection, topics, meters, opened);
    } catch (RuntimeException e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private static TopicWatcher watchChunks(
      OpenStreams readers,
      TopicCatalogue topics,
      KafkaConnection connection,
      AvroSerdes serdes,
      IngestMeters meters) {
    return new AudienceWatcher<>(
            topics.completionChunks().name(),
            serdes.forType(CompletionChunk.class).deserializer(),
            readers,
            meters)
        .start(TopicWatcher.consumer(connection), CHUNKS_THREAD, readers.attention());
  }

  private EventsEndpoint events(
      KafkaConnection connection,
      TopicCatalogue topics,
      AvroSerdes serdes,
      IngestMeters meters,
      InstantSource clock) {
    return new EventsEndpoint(
        intake,
        query -> RequestHistory.open(connection, topics, serdes, query),
        config.admission().defaultTenant(),
        EventsSettings.defaults(),
        meters,
        clock);
  }

  private ReportedModelsView reported(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes) {
    return config.models().stream().anyMatch(ModelInfo::standsForAll)
        ? opened.add(ReportedModelsTable.start(topics, connection, serdes, "ingest"))
        : ReportedModelsView.NONE;
  }

  private Properties streamsProperties(KafkaConnection connection) {
    StreamsSettings settings = config.streams();
    Properties properties =
        StreamsDefaults.exactlyOnce(
            connection, settings.applicationId(), settings.stateDir(), settings.threads());
    // Admission asks for commits of its own; results are looked up before they are committed.
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, CommitPace.LONGEST.toMillis());
    HostInfo self = self();
    properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
    return properties;
  }

  private HostInfo self() {
    HttpSettings settings = config.http();
    int port = settings.advertisedPort() == 0 ? http.port() : settings.advertisedPort();
    return new HostInfo(
        Objects.requireNonNullElse(settings.advertisedHost(), settings.host()), port);
  }

  private Vitals vitals() {
    return new Vitals() {
      @Override
      public boolean ready() {
        return IngestService.this.ready();
      }

      @Override
      public Optional<Throwable> failure() {
        return IngestService.this.failure();
      }
    };
  }

  /** The port that HTTP callers connect to. */
  public int port() {
    return http.port();
  }

  /**
   * Whether requests are taken and results can be looked up. Once it was, a rebalance does not
   * change it: requests are taken all the same, and a look-up says when to try again.
   */
  public boolean ready() {
    StreamsRunner runner = streams;
    started = started || (runner != null && runner.ready() && credentials.ready());
    return started && !intake.draining() && failure().isEmpty();
  }

  /** Why the service stopped working for good, if it did. */
  public Optional<Throwable> failure() {
    StreamsRunner runner = streams;
    return watcher
        .failure()
        .or(chunkWatcher::failure)
        .or(() -> runner == null ? Optional.empty() : runner.failure());
  }

  /**
   * Takes no more requests, lets callers who wait have their results as long as the drain time-out
   * allows, and stops.
   */
  @Override
  public void close() {
    intake.drain();
    drainWaiters();
    waiters.failAll(Intake.shuttingDown());
    opened.close();
  }

  private void drainWaiters() {
    try {
      if (!waiters.awaitNone(config.http().drainTimeout())) {
        LOG.warn("{} callers still waited when ingest closed", waiters.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(StreamsRunner runner) {
    if (!runner.close(STREAMS_CLOSE_TIMEOUT)) {
      LOG.warn("the streams application did not stop within {}", STREAMS_CLOSE_TIMEOUT);
    }
  }
}
