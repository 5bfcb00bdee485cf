package io.millrace.ingest;

import io.javalin.http.Context;
import io.millrace.ingest.StreamQueue.Event;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatChunks;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings what comes for one streamed answer to its reader, until it ends. For one thread. */
final class StreamRelay {

  private final StreamQueue queue;
  private final StreamAssembly assembly;
  private final SseWriter out;
  private final Context call;
  private final ResultWait wait;
  private final Exchange exchange;
  private final StreamSettings settings;
  private final IngestMeters meters;
  private final InstantSource clock;
  private long endMillis;
  private long silentSinceMillis;
  private long settlingSinceMillis = Long.MAX_VALUE;
  private LookupPace lookups = LookupPace.NEVER;

  /** How it ended, for metrics; null while it goes on. */
  private @Nullable String outcome;

  StreamRelay(
      StreamQueue queue,
      StreamAssembly assembly,
      SseWriter out,
      Context call,
      ResultWait wait,
      Exchange exchange,
      StreamSettings settings,
      IngestMeters meters,
      InstantSource clock) {
    this.queue = queue;
    this.assembly = assembly;
    this.out = out;
    this.call = call;
    this.wait = wait;
    this.exchange = exchange;
    this.settings = settings;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Relays until the answer, an error or the deadline ends it.
   *
   * @param lookUpOften whether the result may have passed already
   * @return how it ended
   * @throws RefusedException for an error that the status can tell
   * @throws IOException when the reader is gone
   */
  String run(boolean lookUpOften) throws RefusedException, IOException, InterruptedException {
    silentSinceMillis = clock.millis();
    endMillis = wait.endMillis(exchange);
    lookups = lookUpOften ? LookupPace.from(clock.millis()) : LookupPace.NEVER;
    while (outcome == null) {
      Event event = queue.poll(untilNextTask());
      if (event == null) {
        doTasks();
      } else {
        on(event);
      }
    }
    return outcome;
  }

  private void on(Event event) throws RefusedException, IOException {
    switch (event) {
      case Event.Piece(var chunk) -> {
        StreamStep step = assembly.on(chunk);
        take(step);
        if (step instanceof StreamStep.Send) {
          meters.chunkRelayed(Duration.ofMillis(clock.millis() - chunk.getAtMillis()));
        }
      }
      case Event.Settled(CompletionResult result) -> take(assembly.on(result));
      case Event.Failed(RefusedException refusal) -> fail(refusal.error());
      case Event.Failed(Throwable cause) -> throw new IllegalStateException(cause);
      case Event.Overflow overflow ->
          fail(
              ErrorCode.SLOW_READER.error(
                  "the answer comes faster than it is read; GET "
                      + Answers.REQUESTS_PATH
                      + exchange.getRequestId()
                      + " has it when it is whole"));
    }
  }

  private void take(StreamStep step) throws RefusedException, IOException {
    if (assembly.settling()) {
      settlingSinceMillis = Math.min(settlingSinceMillis, clock.millis());
    }
    switch (step) {
      case StreamStep.Wait nothing -> {}
      case StreamStep.Send(String json) -> write(json);
      case StreamStep.Finish finish -> {
        for (String json : finish.pieces()) {
          write(json);
        }
        finish("completed");
      }
      case StreamStep.Replay(CompletionResult result) -> replay(result);
      case StreamStep.Break(PipelineError error) -> fail(error);
    }
  }

  private void write(String json) throws IOException {
    out.piece(json);
    silentSinceMillis = clock.millis();
  }

  private void replay(CompletionResult result) throws RefusedException, IOException {
    if (!out.begun()) {
      result.getResponseHeaders().forEach(call::header);
    }
    switch (result.getOutcome()) {
      case Completion completion -> {
        var answer = AvroModel.toModel(completion);
        for (String json : ChatChunks.of(answer)) {
          write(json);
        }
        if (ChatChunks.wantsUsage(exchange.getRequest().getExtra())) {
          write(ChatChunks.usage(answer));
        }
        finish("replayed");
      }
      case io.millrace.schemas.avro.PipelineError error -> fail(AvroModel.toModel(error));
      default -> throw new IllegalStateException("a result without an outcome");
    }
  }

  private void finish(String how) throws IOException {
    out.done();
    outcome = how;
  }

  /** Where the status is not out yet, it tells the error. */
  private void fail(PipelineError error) throws RefusedException, IOException {
    if (!out.begun()) {
      throw new RefusedException(error);
    }
    out.error(error);
    outcome = ErrorCode.SLOW_READER.wireName().equals(error.code()) ? "slow_reader" : "failed";
  }

  private Duration untilNextTask() {
    long next = Math.min(endMillis, silentSinceMillis + settings.keepAlive().toMillis());
    next = Math.min(next, lookups.nextMillis());
    if (settlingSinceMillis != Long.MAX_VALUE) {
      next = Math.min(next, settlingSinceMillis + settings.settleWait().toMillis());
    }
    return Duration.ofMillis(Math.max(0, next - clock.millis()));
  }

  private void doTasks() throws RefusedException, IOException {
    long now = clock.millis();
    if (settlingSinceMillis != Long.MAX_VALUE
        && now - settlingSinceMillis >= settings.settleWait().toMillis()) {
      take(assembly.giveUpSettling());
    } else if (now >= endMillis) {
      Optional<CompletionResult> found = wait.lookUp(exchange);
      if (found.isPresent()) {
        endMillis = Long.MAX_VALUE;
        take(assembly.on(found.get()));
      } else {
        fail(HttpErrors.stillRunning(exchange.getRequestId()));
      }
    } else if (now >= lookups.nextMillis()) {
      lookups = lookups.after(now);
      Optional<CompletionResult> found = wait.lookUp(exchange);
      if (found.isPresent()) {
        lookups = LookupPace.NEVER;
        take(assembly.on(found.get()));
      }
    } else if (now - silentSinceMillis >= settings.keepAlive().toMillis()) {
      out.keepAlive();
      silentSinceMillis = now;
    }
  }
}
