package io.millrace.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.hook.EventTypes;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.history.HistoryJson;
import io.millrace.schemas.history.HistoryStep;
import io.millrace.schemas.history.RequestHistory;
import io.millrace.schemas.history.RequestHistory.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings the history of one request to one reader: its state, what has passed, what comes, and at
 * last its result. Reads on only when the reader has taken what was read. For one thread.
 */
final class EventRelay {

  /** The id of the last event: nothing follows it. */
  static final String END = "end";

  private final String requestId;
  private final RequestHistory history;
  private final SseWriter out;
  private final BooleanSupplier draining;
  private final EventsSettings settings;
  private final boolean allModels;
  private long wroteNanos;
  private String status = "";
  private long acceptedAtMillis;
  private @Nullable CompletionResult result;

  /**
   * A relay.
   *
   * @param allModels whether the reader's credential is held to no models
   */
  EventRelay(
      String requestId,
      RequestHistory history,
      SseWriter out,
      BooleanSupplier draining,
      EventsSettings settings,
      boolean allModels) {
    this.requestId = requestId;
    this.history = history;
    this.out = out;
    this.draining = draining;
    this.settings = settings;
    this.allModels = allModels;
  }

  /**
   * Relays until the result is told, time is over or the service drains.
   *
   * @return completed, replayed, timeout or drained
   * @throws IOException when the reader is gone
   */
  String run(RequestState known) throws IOException {
    long begunNanos = System.nanoTime();
    begin(known);
    past(known instanceof RequestState.Settled);
    if (known instanceof RequestState.Settled(CompletionResult settled)) {
      return finish(settled, "replayed");
    }
    while (result == null) {
      if (draining.getAsBoolean()) {
        return "drained";
      }
      if (over(begunNanos, settings.longest())) {
        return "timeout";
      }
      advance(settings.poll());
    }
    settle();
    return finish(Objects.requireNonNull(result), "completed");
  }

  private void past(boolean over) throws IOException {
    for (Told told : history.past(settings.pastTimeout())) {
      tell(told);
    }
    if (history.cut()) {
      out.comment("the oldest events are left out");
    }
    if (history.unread()) {
      out.comment(
          over
              ? "the newest events are left out: they could not be read in time"
              : "what has passed is still being read; the rest follows");
    }
  }

  private void begin(RequestState known) throws IOException {
    switch (known) {
      case RequestState.Open(String open, long atMillis) -> state(open, atMillis);
      case RequestState.Settled(CompletionResult settled) ->
          state(Answers.status(settled), settled.getAcceptedAtMillis());
      case RequestState.Unknown unknown -> throw new IllegalStateException("nothing to tell of");
    }
  }

  private void state(String now, long atMillis) throws IOException {
    status = now;
    acceptedAtMillis = atMillis;
    write("state", "", Answers.described(requestId, now, atMillis));
  }

  private void advance(Duration patience) throws IOException {
    for (Told told : history.poll(patience)) {
      tell(told);
    }
    if (over(wroteNanos, settings.keepAlive())) {
      out.keepAlive();
      wroteNanos = System.nanoTime();
    }
  }

  /** What a stage wrote together with the result may come a moment after it. */
  private void settle() throws IOException {
    long begunNanos = System.nanoTime();
    while (!over(begunNanos, settings.settleWait())) {
      advance(settings.settleWait());
    }
  }

  /** By a clock that nobody sets. */
  private static boolean over(long sinceNanos, Duration time) {
    return System.nanoTime() - sinceNanos >= time.toNanos();
  }

  private void tell(Told told) throws IOException {
    String id = told.mark().toString();
    switch (told.step()) {
      case HistoryStep.Said(PipelineEvent event) -> {
        write("event", id, shown(event, allModels));
        if (status.equals("queued") && event.getType().equals(ProgressProcessor.REQUEST_ACCEPTED)) {
          state("in_progress", acceptedAtMillis);
        }
      }
      case HistoryStep.Called(var made) -> write("call", id, HistoryJson.write(made));
      case HistoryStep.Settled(CompletionResult settled) ->
          result = result == null ? settled : result;
    }
  }

  /** Why a target was chosen tells of others as well, which such a reader is not told of. */
  static ObjectNode shown(PipelineEvent event, boolean allModels) {
    ObjectNode body = HistoryJson.write(event);
    if (!allModels
        && event.getType().equals(EventTypes.ROUTE_SELECTED)
        && body.path("attributes") instanceof ObjectNode attributes) {
      attributes.remove("reasons");
    }
    return body;
  }

  private String finish(CompletionResult settled, String outcome) throws IOException {
    write("result", END, Answers.describe(settled));
    return outcome;
  }

  private void write(String name, String id, ObjectNode body) throws IOException {
    out.event(name, id, body.toString());
    wroteNanos = System.nanoTime();
  }
}
