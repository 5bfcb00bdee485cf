package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.ParkedExchange;
import io.millrace.schemas.model.AvroModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Matches replies with the attempt the ledger awaits, and is the ledger's clock. A reply counts
 * once: late and unknown ones are dropped and counted, early ones are held.
 */
final class MatchProcessor implements Processor<String, byte[], String, Object> {

  private static final Duration CLOCK_INTERVAL = Duration.ofMillis(100);
  private static final Duration EARLY_REPLY_SWEEP_INTERVAL = Duration.ofSeconds(10);

  /** The most deadlines settled in one tick, so that a mass time-out does not stall the stage. */
  private static final int MAX_DEADLINES_PER_TICK = 1_000;

  private final StageSetup setup;
  private Outlet outlet;
  private Ledger ledger;
  private EarlyReplies earlyReplies;
  private Parking parking;
  private TaskLoad load;
  private TaskId task;

  MatchProcessor(StageSetup setup) {
    this.setup = setup;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    task = context.taskId();
    load = setup.load().of(task);
    outlet = setup.outlet(context);
    ledger = new Ledger(context, setup);
    earlyReplies = new EarlyReplies(context, setup);
    parking = new Parking(context, setup);
    ledger.rebuild(new Joins(context, setup, parking)::restore);
    load.publish();
    setup.chain().threads().served(this);
    setup.commits().watch(context);
    context.schedule(CLOCK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::tick);
    context.schedule(
        EARLY_REPLY_SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::dropUnknown);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    Exchange reply = setup.decode(record, outlet);
    if (reply == null) {
      return;
    }
    LedgerEntry entry = ledger.open(reply.getExchangeId());
    if (entry == null) {
      whenNotOpen(reply);
    } else if (reply.getAttempt() < entry.getAttempt()) {
      dropLate(reply);
    } else if (reply.getAttempt() > entry.getAttempt()
        || entry.getFallbackPending()
        || entry.getParked()) {
      hold(reply);
    } else {
      // Should the reply answer a dispatch that was taken back: what counts is what hooks noted in
      // the run that was not.
      reply.setFrames(entry.getExchange().getFrames());
      reply.setAttributes(entry.getExchange().getAttributes());
      outlet.pass(new Passage(reply), record.key(), setup.nodes().firstPost());
    }
  }

  private void whenNotOpen(Exchange reply) {
    if (ledger.finishedLately(reply, outlet.nowMillis())) {
      dropLate(reply);
    } else {
      hold(reply);
    }
  }

  private void hold(Exchange reply) {
    earlyReplies.hold(reply);
    setup.meters().heldReply();
  }

  private void dropLate(Exchange reply) {
    setup.meters().lateReply();
    outlet.event(reply, outlet.source(), "reply-dropped", Map.of("reason", "late"));
  }

  private void dropUnknown(long nowMillis) {
    for (Exchange reply : earlyReplies.dropOverdue(nowMillis)) {
      setup.meters().unknownReply();
      outlet.event(reply, outlet.source(), "reply-dropped", Map.of("reason", "unknown"));
    }
  }

  /** The task is closed here, to be opened again here or elsewhere. */
  @Override
  public void close() {
    setup.load().closed(task, load);
    setup.chain().threads().closed(this);
  }

  private void tick(long nowMillis) {
    settleOverdue(nowMillis);
    load.publish();
    setup.chain().threads().served(this);
  }

  private void settleOverdue(long nowMillis) {
    for (String id : ledger.overdue(nowMillis, MAX_DEADLINES_PER_TICK)) {
      LedgerEntry entry = ledger.open(id);
      if (entry != null) {
        settleOverdue(entry);
      }
    }
  }

  private void settleOverdue(LedgerEntry entry) {
    Exchange exchange = entry.getExchange();
    if (entry.getParked()) {
      ParkedExchange parked = parking.get(exchange.getExchangeId());
      if (parked != null) {
        parking.remove(parked);
      }
    }
    long allowed = exchange.getDeadlineMillis() - exchange.getAcceptedAtMillis();
    exchange.setOutcome(
        AvroModel.toAvro(ErrorCode.DEADLINE_EXCEEDED.error("no result within " + allowed + " ms")));
    outlet.pass(new Passage(exchange), keyOf(exchange), setup.nodes().firstPost());
  }

  /**
   * The frame's key; after a fallback was requested there is no frame, and nothing that needs a
   * key.
   */
  private static String keyOf(Exchange exchange) {
    List<Frame> frames = exchange.getFrames();
    return frames.isEmpty() ? exchange.getTenant() : frames.getLast().getScopeKey();
  }
}
