package io.millrace.ingest;

import io.millrace.ingest.AdmissionResult.Accepted;
import io.millrace.ingest.AdmissionResult.Refused;
import io.millrace.ingest.IngestMeters.Source;
import io.millrace.ingest.LookupResult.Finished;
import io.millrace.ingest.LookupResult.InProgress;
import io.millrace.ingest.LookupResult.Unavailable;
import io.millrace.ingest.LookupResult.Unknown;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests in from HTTP: admission, then the home stage's topic. Thread-safe. */
final class Intake {

  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final Admission admission;
  private final Function<Exchange, CompletableFuture<Void>> publisher;
  private final ResultLookup lookup;
  private final RecentSubmissions recent = new RecentSubmissions();
  private final IngestMeters meters;
  private final InstantSource clock;
  private volatile boolean draining;

  Intake(
      Admission admission,
      Function<Exchange, CompletableFuture<Void>> publisher,
      ResultLookup lookup,
      IngestMeters meters,
      InstantSource clock) {
    this.admission = admission;
    this.publisher = publisher;
    this.lookup = lookup;
    this.meters = meters;
    this.clock = clock;
  }

  /** An exchange that may run, not published yet. */
  Exchange admit(CompletionRequest request, Submission submission) throws RefusedException {
    if (draining) {
      throw shuttingDown();
    }
    return switch (admission.admit(request, submission, clock.millis())) {
      case Accepted(Exchange exchange) -> {
        meters.accepted(Source.HTTP);
        yield exchange;
      }
      case Refused refused -> throw refuse(new RefusedException(refused.error()));
    };
  }

  /** Counts a request that was refused before or by admission. */
  RefusedException refuse(RefusedException refusal) {
    meters.refused(Source.HTTP, refusal.error().code());
    return refusal;
  }

  /**
   * Publishes without waiting; the future fails with a {@link RefusedException}. The result may be
   * there before the future is done, so the exchange is known from the beginning.
   */
  CompletableFuture<Void> publish(Exchange exchange) {
    String id = exchange.getExchangeId();
    long atMillis = exchange.getAcceptedAtMillis();
    recent.add(id, atMillis);
    return publisher
        .apply(exchange)
        .exceptionallyCompose(
            failure -> {
              recent.remove(id, atMillis);
              return CompletableFuture.failedFuture(notPublished(failure));
            });
  }

  /** Publishes and waits until all replicas have it. */
  void publishAndWait(Exchange exchange) throws RefusedException, InterruptedException {
    try {
      publish(exchange).get();
    } catch (ExecutionException e) {
      throw asRefusal(e);
    }
  }

  /**
   * What is known about a request.
   *
   * @throws RefusedException when whoever would know cannot be asked
   */
  RequestState state(String tenant, String requestId) throws RefusedException {
    return stateOf(lookup.find(tenant, requestId), tenant, requestId);
  }

  private RequestState stateOf(LookupResult found, String tenant, String requestId)
      throws RefusedException {
    return switch (found) {
      case Finished(var result) -> new RequestState.Settled(result);
      case InProgress(long atMillis) -> new RequestState.Open("in_progress", atMillis);
      case Unknown() -> queued(tenant, requestId);
      case Unavailable(String reason) ->
          throw new RefusedException(
              HttpErrors.unavailable("results cannot be looked up right now: " + reason));
    };
  }

  /** What is known about a request; unknown also where nobody can be asked. */
  RequestState stateIfKnown(String tenant, String requestId) throws RefusedException {
    return switch (lookup.find(tenant, requestId)) {
      case Unavailable unavailable -> queued(tenant, requestId);
      case LookupResult known -> stateOf(known, tenant, requestId);
    };
  }

  private RequestState queued(String tenant, String requestId) {
    OptionalLong atMillis = recent.acceptedAtMillis(tenant + "/" + requestId);
    return atMillis.isPresent()
        ? new RequestState.Open("queued", atMillis.getAsLong())
        : new RequestState.Unknown();
  }

  /** From now on nothing is admitted. */
  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  static RefusedException shuttingDown() {
    return new RefusedException(HttpErrors.unavailable("this instance is shutting down"));
  }

  /** What an asynchronous step failed with. */
  static RefusedException asRefusal(ExecutionException e) {
    if (e.getCause() instanceof RefusedException refusal) {
      return refusal;
    }
    throw new IllegalStateException(e.getCause());
  }

  private RefusedException notPublished(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    LOG.warn("cannot publish a request: {}", String.valueOf(cause));
    return refuse(
        new RefusedException(
            HttpErrors.unavailable("the request could not be queued; nothing was run")));
  }
}
