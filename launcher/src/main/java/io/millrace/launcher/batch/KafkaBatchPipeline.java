package io.millrace.launcher.batch;

import io.millrace.ingest.Admission;
import io.millrace.ingest.AdmissionResult;
import io.millrace.ingest.ExchangePublisher;
import io.millrace.ingest.Submission;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The pipeline on a cluster: requests go straight to the home stage, in the batch lane. */
final class KafkaBatchPipeline implements BatchPipeline {

  private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(1);

  private static final Map<String, String> BYPASS = Map.of("cache", "bypass");

  private final Identity identity;
  private final Admission admission;
  private final SchemaRegistry registry;
  private final ResultReader results;
  private final ExchangePublisher publisher;
  private final Supplier<Optional<Throwable>> pipelineFailure;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Throwable> publishFailure = new AtomicReference<>();

  /**
   * Whose batch this is.
   *
   * @param tenant who asks
   * @param name the batch's
   * @param timeout from a request's acceptance to its deadline
   * @param noCache whether its requests pass the cache by
   */
  record Identity(String tenant, String name, Duration timeout, boolean noCache) {}

  private KafkaBatchPipeline(
      Identity identity,
      BatchCluster cluster,
      SchemaRegistry registry,
      ResultReader results,
      ExchangePublisher publisher,
      Supplier<Optional<Throwable>> pipelineFailure,
      InstantSource clock) {
    this.identity = identity;
    this.admission = new Admission(cluster.limits());
    this.registry = registry;
    this.results = results;
    this.publisher = publisher;
    this.pipelineFailure = pipelineFailure;
    this.clock = clock;
  }

  /**
   * Connects to a cluster.
   *
   * @param failure says why the pipeline is gone, when it runs in this process and is
   */
  static KafkaBatchPipeline open(
      Identity identity,
      BatchCluster cluster,
      Supplier<Optional<Throwable>> failure,
      InstantSource clock) {
    SchemaRegistry registry = cluster.connection().openRegistry();
    @Nullable ResultReader results = null;
    try {
      results =
          ResultReader.open(
              cluster.connection(), cluster.topics(), registry, identity.tenant(), identity.name());
      ExchangePublisher publisher =
          ExchangePublisher.open(
              cluster.connection(), cluster.topics(), cluster.scope(), DELIVERY_TIMEOUT);
      return new KafkaBatchPipeline(
          identity, cluster, registry, results, publisher, failure, clock);
    } catch (KafkaException | BatchException e) {
      if (results != null) {
        results.close();
      }
      registry.close();
      throw e instanceof KafkaException lost
          ? unreachable(cluster.connection().bootstrapServers(), lost)
          : e;
    }
  }

  private static BatchException unreachable(String servers, KafkaException e) {
    return BatchException.stopped(
        "cannot use the Kafka cluster at "
            + servers
            + ": "
            + e.getMessage()
            + "; check that it is up and that --bootstrap-servers is right",
        e);
  }

  @Override
  public Optional<Checkpoint> saved() {
    return results.saved();
  }

  @Override
  public void start(Place place) {
    withCluster(
        () -> {
          results.start(place);
          return place;
        });
  }

  @Override
  public boolean caughtUp() {
    return withCluster(results::caughtUp);
  }

  @Override
  public List<CompletionResult> poll(Duration atMost) {
    checkAlive();
    return withCluster(() -> results.poll(atMost));
  }

  @Override
  public Optional<PipelineError> submit(String requestId, InputLine.Request line) {
    CompletionRequest base = new CompletionRequest();
    base.setFallbacks(List.of());
    base.setLane(Lane.BATCH);
    base.setHints(Map.of());
    Submission submission =
        Submission.of(requestId, line.sizeBytes())
            .withTenant(identity.tenant())
            .withLane(Lane.BATCH)
            .withTimeout(identity.timeout())
            .withHints(identity.noCache() ? BYPASS : Map.of());
    CompletionRequest request = AvroModel.toAvro(line.request(), base);
    return switch (admission.admit(request, submission, clock.millis())) {
      case AdmissionResult.Refused refused -> Optional.of(refused.error());
      case AdmissionResult.Accepted accepted -> {
        publisher
            .publish(accepted.exchange())
            .exceptionally(
                failure -> {
                  publishFailure.compareAndSet(null, failure);
                  return null;
                });
        yield Optional.empty();
      }
    };
  }

  @Override
  public void save(Checkpoint checkpoint) {
    withCluster(
        () -> {
          results.save(checkpoint);
          return checkpoint;
        });
  }

  private void checkAlive() {
    Throwable unsent = publishFailure.get();
    if (unsent != null) {
      throw lost(unsent);
    }
    pipelineFailure
        .get()
        .ifPresent(
            failure -> {
              throw lost(failure);
            });
  }

  private static <T> T withCluster(Supplier<T> call) {
    try {
      return call.get();
    } catch (KafkaException e) {
      throw lost(e);
    }
  }

  private static BatchException lost(Throwable e) {
    return BatchException.stopped(
        "the pipeline failed: "
            + e.getMessage()
            + "; when it is up again, run the same command again, it goes on where it stopped",
        e);
  }

  @Override
  public void close() {
    try (registry;
        results;
        publisher) {
      // Closed in reverse order: what was sent goes out first.
    }
  }
}
