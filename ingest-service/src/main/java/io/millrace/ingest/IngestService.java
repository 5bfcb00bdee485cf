package io.millrace.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into the pipeline: takes requests over HTTP, answers callers who wait, and tells what
 * became of a request. Thread-safe.
 */
public final class IngestService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IngestService.class);

  private final Opened opened;
  private final Waiters waiters;
  private final Intake intake;
  private final CompletionWatcher watcher;
  private final HttpServer http;
  private final IngestConfig config;

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
    SchemaRegistry schemas = opened.add(connection.openRegistry());
    AvroSerdes serdes = new AvroSerdes(schemas);
    ExchangePublisher publisher =
        opened.add(
            ExchangePublisher.open(
                connection, topics, config.homeScope(), config.deliveryTimeout()));
    watcher =
        opened.add(
            CompletionWatcher.start(
                connection,
                topics.completions().name(),
                serdes.forType(CompletionResult.class).deserializer(),
                waiters,
                meters));
    ResultLookup lookup =
        (tenant, requestId) -> new LookupResult.Unavailable("this instance keeps no results");
    intake =
        new Intake(new Admission(config.admission()), publisher::publish, lookup, meters, clock);
    ResultWait wait =
        new ResultWait(intake, waiters, lookup, config.http().waitGrace(), meters, clock);
    http = opened.add(HttpApi.start(config, intake, wait, vitals(), registry));
  }

  /**
   * Starts the service. When this returns, HTTP calls are taken.
   *
   * @param meters where to count; with a Prometheus registry in it, {@code /metrics} serves that
   * @throws org.apache.kafka.common.KafkaException when the cluster cannot be reached or topics are
   *     missing; nothing stays open then
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

  /** Whether requests are taken and results can be looked up. */
  public boolean ready() {
    return failure().isEmpty();
  }

  /** Why the service stopped working for good, if it did. */
  public Optional<Throwable> failure() {
    return watcher.failure();
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
}
