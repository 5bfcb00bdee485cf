package io.millrace.ingest;

import io.millrace.ingest.LookupResult.Finished;
import io.millrace.ingest.LookupResult.InProgress;
import io.millrace.ingest.LookupResult.Unavailable;
import io.millrace.ingest.LookupResult.Unknown;
import io.millrace.ingest.Waiters.Waiter;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes an exchange and waits for its result until a little after the deadline.
 *
 * <p>The place to wait is taken before anything is published, so no result can slip by. An id that
 * the caller chose may have been used before, and its result may have passed already: then the
 * results are looked up too, first at once and then again and again.
 */
final class ResultWait {

  /** How long a caller waits until this instance reads the topic of results again. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(5);

  private final Intake intake;
  private final Waiters waiters;
  private final ResultLookup lookup;
  private final Duration grace;
  private final IngestMeters meters;
  private final InstantSource clock;

  ResultWait(
      Intake intake,
      Waiters waiters,
      ResultLookup lookup,
      Duration grace,
      IngestMeters meters,
      InstantSource clock) {
    this.intake = intake;
    this.waiters = waiters;
    this.lookup = lookup;
    this.grace = grace;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * The result of an exchange.
   *
   * @param idMayBeKnown whether the id may have been used before
   * @throws RefusedException when there is no room to wait, publishing failed or time is over
   */
  CompletionResult publishAndWait(Exchange exchange, boolean idMayBeKnown)
      throws RefusedException, InterruptedException {
    try (Waiter waiter = register(exchange)) {
      submit(waiter, exchange, idMayBeKnown);
      return timed(waiter, exchange, idMayBeKnown);
    }
  }

  /**
   * A place to wait for the result of an exchange, to be closed by the caller. Every result that is
   * written from now on is seen.
   *
   * @throws RefusedException when all are taken, or results cannot be read
   */
  Waiter register(Exchange exchange) throws RefusedException, InterruptedException {
    Waiter waiter =
        waiters
            .register(exchange.getTenant(), exchange.getRequestId())
            .orElseThrow(
                () ->
                    intake.refuse(new RefusedException(HttpErrors.tooManyWaiting(waiters.max()))));
    boolean reading = false;
    try {
      reading = waiters.attention().awaitReading(START_TIMEOUT);
    } finally {
      if (!reading) {
        waiter.close();
      }
    }
    if (!reading) {
      throw intake.refuse(
          new RefusedException(
              HttpErrors.unavailable("results cannot be read right now; nothing was run")));
    }
    return waiter;
  }

  /** Publishes an exchange unless it is known; the waiter hears when that fails. */
  void submit(Waiter waiter, Exchange exchange, boolean idMayBeKnown) {
    if (!idMayBeKnown || isNew(waiter, exchange.getTenant(), exchange.getRequestId())) {
      publish(exchange, waiter);
    }
  }

  /** The result, where it can be looked up. */
  Optional<CompletionResult> lookUp(Exchange exchange) {
    return lookup.find(exchange.getTenant(), exchange.getRequestId())
            instanceof Finished(CompletionResult result)
        ? Optional.of(result)
        : Optional.empty();
  }

  /** When waiting ends: a little after the deadline. */
  long endMillis(Exchange exchange) {
    return exchange.getDeadlineMillis() + grace.toMillis();
  }

  private boolean isNew(Waiter waiter, String tenant, String requestId) {
    return switch (lookup.find(tenant, requestId)) {
      case Finished(CompletionResult result) -> {
        waiter.result().complete(result);
        yield false;
      }
      case InProgress open -> false;
      // The home stage drops what it has seen already, so publishing once too often does no harm.
      case Unknown unknown -> true;
      case Unavailable unavailable -> true;
    };
  }

  private void publish(Exchange exchange, Waiter waiter) {
    var unused =
        intake
            .publish(exchange)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    waiter.result().completeExceptionally(failure);
                  }
                });
  }

  private CompletionResult timed(Waiter waiter, Exchange exchange, boolean idMayBeKnown)
      throws RefusedException, InterruptedException {
    String outcome = "failed";
    try {
      Optional<CompletionResult> result = await(waiter, exchange, idMayBeKnown);
      outcome = result.isPresent() ? "completed" : "timeout";
      return result.orElseThrow(
          () -> new RefusedException(HttpErrors.stillRunning(exchange.getRequestId())));
    } finally {
      meters.waited(outcome, Duration.ofMillis(clock.millis() - exchange.getAcceptedAtMillis()));
    }
  }

  private Optional<CompletionResult> await(Waiter waiter, Exchange exchange, boolean lookUpOften)
      throws RefusedException, InterruptedException {
    long endMillis = endMillis(exchange);
    long sliceMillis = lookUpOften ? LookupPace.FIRST_MILLIS : Long.MAX_VALUE;
    while (true) {
      long leftMillis = Math.max(0, endMillis - clock.millis());
      try {
        return Optional.of(
            waiter.result().get(Math.min(leftMillis, sliceMillis), TimeUnit.MILLISECONDS));
      } catch (ExecutionException e) {
        throw Intake.asRefusal(e);
      } catch (TimeoutException e) {
        Optional<CompletionResult> found = lookUp(exchange);
        if (found.isPresent() || leftMillis <= sliceMillis) {
          return found;
        }
        sliceMillis = Math.min(2 * sliceMillis, LookupPace.MAX_BETWEEN_MILLIS);
      }
    }
  }
}
