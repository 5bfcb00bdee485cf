package io.millrace.workers;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.model.AvroModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of one dispatch: read, call, answer. The delivery is done only once the broker has
 * the answer and a record of every call. Blocks the calling thread. Thread-safe.
 */
final class ExchangeHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ExchangeHandler.class);
  private static final Ending DONE = new Ending.Done();
  private static final Ending OPEN = new Ending.Open();

  private final ExchangeReader reader;
  private final RecentAttempts attempts;
  private final CallExecutor executor;
  private final ChunkStreams streams;
  private final LatencyOutlook outlook;
  private final ProviderBlockView blocks;
  private final WorkerRecords records;
  private final Outbox outbox;
  private final TimeSource time;
  private final WorkerMeters meters;

  ExchangeHandler(
      ExchangeReader reader,
      RecentAttempts attempts,
      CallExecutor executor,
      ChunkStreams streams,
      LatencyOutlook outlook,
      ProviderBlockView blocks,
      WorkerRecords records,
      Outbox outbox,
      TimeSource time,
      WorkerMeters meters) {
    this.reader = reader;
    this.attempts = attempts;
    this.executor = executor;
    this.streams = streams;
    this.outlook = outlook;
    this.blocks = blocks;
    this.records = records;
    this.outbox = outbox;
    this.time = time;
    this.meters = meters;
  }

  /** Handles a delivery and ends it, whatever happens. */
  void handle(Delivery delivery) {
    Ending ending = OPEN;
    try {
      ending = process(delivery);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Error e) {
      delivery.fail(e);
    } finally {
      delivery.end(ending);
    }
  }

  private Ending process(Delivery delivery) throws InterruptedException {
    ConsumerRecord<byte[], byte[]> record = delivery.record();
    try {
      return process(delivery, reader.read(record));
    } catch (UnusableRecordException e) {
      bury(record, e);
      return DONE;
    } catch (RuntimeException e) {
      LOG.error("a dispatch could not be handled", e);
      bury(record, new UnusableRecordException(ErrorCode.INTERNAL_ERROR, e.toString()));
      return DONE;
    }
  }

  /** An exchange that can be read has somebody to answer, whatever is wrong with it or with us. */
  private Ending process(Delivery delivery, Exchange exchange) throws InterruptedException {
    try {
      return attempt(delivery, exchange);
    } catch (RuntimeException e) {
      LOG.error("a dispatch could not be handled", e);
      answerInstead(
          delivery.record(),
          exchange,
          ErrorCode.INTERNAL_ERROR
              .error("the worker failed with " + e.getClass().getName())
              .withAllowFallbacks(true));
      return DONE;
    }
  }

  private Ending attempt(Delivery delivery, Exchange exchange) throws InterruptedException {
    String callId = exchange.getExchangeId() + "#" + exchange.getAttempt();
    if (!attempts.begin(callId)) {
      meters.deduplicated();
      return DONE;
    }
    Ending ending = OPEN;
    try {
      ending = settle(delivery, exchange, callId);
      return ending;
    } finally {
      attempts.end(callId, ending.equals(DONE));
    }
  }

  private Ending settle(Delivery delivery, Exchange exchange, String callId)
      throws InterruptedException {
    Instant deadline = Instant.ofEpochMilli(exchange.getDeadlineMillis());
    if (!time.now().isBefore(deadline)) {
      meters.expired();
    }
    String model = Objects.requireNonNull(exchange.getTarget()).getModel();
    ChunkStream stream = streams.open(exchange);
    CallOrder order =
        new CallOrder(AvroModel.toModel(requestOf(exchange)), model, callId, deadline, stream)
            .in(exchange.getLane(), exchange.getFallbacks().isEmpty())
            .after(delivery.setback().waited(time.nanoTime()), delivery.setback().calls());
    CallResult result = execute(order);
    return switch (stream == null ? result : stream.end(result)) {
      case CallResult.Finished finished -> {
        exchange.setAttemptCostNanos(finished.costNanos() + delivery.setback().costNanos());
        answer(delivery.record(), exchange, model, finished);
        yield DONE;
      }
      case CallResult.Postponed postponed -> {
        record(exchange, model, postponed.calls());
        yield new Ending.Postponed(
            postponed.pause(), delivery.setback().plus(postponed, time.nanoTime()), model);
      }
      case CallResult.Abandoned abandoned -> {
        recordsOf(exchange, model, abandoned.calls()).forEach(outbox::sendOnce);
        yield OPEN;
      }
    };
  }

  private void record(Exchange exchange, String model, List<CallTrace> calls)
      throws InterruptedException {
    try {
      outbox.send(recordsOf(exchange, model, calls));
    } catch (UnsendableException e) {
      unrecorded(exchange, e);
    }
  }

  private static void unrecorded(Exchange exchange, UnsendableException e) {
    LOG.error("a call of {} cannot be recorded: {}", exchange.getExchangeId(), e.getMessage());
  }

  /** Calls, unless an operator has blocked it since it was sent, or there is no time for it. */
  private CallResult execute(CallOrder order) {
    if (blocks.isBlocked(records.provider(), order.model())) {
      meters.blocked();
      return new CallResult.Finished(
          ProviderBlockView.refusal(new Target(records.provider(), order.model())), List.of());
    }
    Duration left = Duration.between(time.now(), order.deadline());
    Optional<Duration> usual = outlook.longerThan(left, order.model());
    if (left.isPositive() && usual.isPresent()) {
      meters.unattainable();
      return new CallResult.Finished(tooLate(order.model(), left, usual.get()), List.of());
    }
    CallResult result = executor.execute(order);
    result.calls().stream()
        .filter(call -> call.errorCode() == null)
        .forEach(call -> outlook.answered(order.model(), call.latencyMicros()));
    return result;
  }

  private static PipelineError tooLate(String model, Duration left, Duration usual) {
    return ErrorCode.DEADLINE_EXCEEDED.error(
        "not called: the deadline is in %d ms, and %s usually takes %d ms"
            .formatted(left.toMillis(), model, usual.toMillis()));
  }

  private void answer(
      ConsumerRecord<byte[], byte[]> delivered,
      Exchange exchange,
      String model,
      CallResult.Finished result)
      throws InterruptedException {
    List<Supplier<ProducerRecord<byte[], byte[]>>> out = recordsOf(exchange, model, result.calls());
    // The reply comes last: it leaves at once and takes the others with it.
    out.add(() -> records.reply(withOutcome(exchange, result.outcome())));
    try {
      outbox.send(out);
    } catch (UnsendableException e) {
      if (e.index() < out.size() - 1) {
        unrecorded(exchange, e);
      } else {
        answerInstead(delivered, exchange, unsendable(e));
      }
    }
  }

  private List<Supplier<ProducerRecord<byte[], byte[]>>> recordsOf(
      Exchange exchange, String model, List<CallTrace> calls) {
    List<Supplier<ProducerRecord<byte[], byte[]>>> out = new ArrayList<>(calls.size() + 1);
    for (CallTrace trace : calls) {
      out.add(() -> records.call(exchange, model, trace));
    }
    return out;
  }

  /** An error in place of an answer that cannot be sent; the original record if even that fails. */
  private void answerInstead(
      ConsumerRecord<byte[], byte[]> delivered, Exchange exchange, PipelineError error)
      throws InterruptedException {
    try {
      outbox.send(List.of(() -> records.reply(withOutcome(exchange, error))));
    } catch (UnsendableException e) {
      bury(delivered, new UnusableRecordException(ErrorCode.INTERNAL_ERROR, error.message()));
    }
  }

  private void bury(ConsumerRecord<byte[], byte[]> delivered, UnusableRecordException reason)
      throws InterruptedException {
    meters.deadLettered();
    LOG.warn(
        "{}-{} offset {} goes to the dead letters: {}",
        delivered.topic(),
        delivered.partition(),
        delivered.offset(),
        reason.getMessage());
    try {
      outbox.send(List.of(() -> records.deadLetter(delivered, reason)));
    } catch (UnsendableException e) {
      LOG.error(
          "the dead letter cannot be sent ({}); the record stays where it was", e.getMessage());
    }
  }

  private static Exchange withOutcome(Exchange exchange, Outcome outcome) {
    exchange.setOutcome(
        switch (outcome) {
          case Completion completion -> AvroModel.toAvro(completion);
          case PipelineError error -> AvroModel.toAvro(error);
        });
    return exchange;
  }

  private static PipelineError unsendable(UnsendableException e) {
    return ErrorCode.UPSTREAM_INVALID_RESPONSE.error(
        "the provider's answer cannot be passed on: " + e.getMessage());
  }

  private static io.millrace.schemas.avro.CompletionRequest requestOf(Exchange exchange) {
    io.millrace.schemas.avro.CompletionRequest changed = exchange.getEffectiveRequest();
    return changed == null ? exchange.getRequest() : changed;
  }
}
