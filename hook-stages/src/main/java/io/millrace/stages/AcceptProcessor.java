package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.Target;
import io.millrace.schemas.model.AvroModel;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Takes new requests in, turns repeated ones away, and starts each attempt. */
final class AcceptProcessor implements Processor<String, byte[], String, Object> {

  private final StageSetup setup;
  private Outlet outlet;
  private Ledger ledger;
  private TaskLoad load;
  private RouteChoice routes;

  AcceptProcessor(StageSetup setup) {
    this.setup = setup;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = setup.outlet(context);
    ledger = new Ledger(context, setup);
    load = setup.load().of(context.taskId());
    routes = new RouteChoice(setup, context, outlet);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    Exchange exchange = setup.decode(record, outlet);
    if (exchange == null) {
      return;
    }
    if (exchange.getAttempt() == 0) {
      accept(exchange, record.key());
    } else {
      startFallback(exchange, record.key());
    }
  }

  private void accept(Exchange exchange, String key) {
    if (ledger.knows(exchange, outlet.nowMillis())) {
      outlet.event(exchange, outlet.source(), "request-duplicate", Map.of());
      return;
    }
    load.arrived(exchange.getAcceptedAtMillis(), outlet.nowMillis());
    outlet.event(exchange, outlet.source(), "request-accepted", Map.of());
    switch (routes.choose(exchange)) {
      case RouteChoice.Choice.Aim aim ->
          startAttempt(exchange, new Target(aim.target().provider(), aim.target().model()), key);
      case RouteChoice.Choice.None none -> refuse(exchange, none.error(), key);
    }
  }

  private void startFallback(Exchange exchange, String key) {
    LedgerEntry entry = ledger.open(exchange.getExchangeId());
    if (entry == null
        || !entry.getFallbackPending()
        || entry.getAttempt() != exchange.getAttempt()) {
      outlet.event(exchange, outlet.source(), "fallback-dropped", Map.of());
      return;
    }
    startAttempt(exchange, exchange.getTarget(), key);
  }

  private void startAttempt(Exchange exchange, Target target, String key) {
    long now = outlet.nowMillis();
    exchange.setAttempt(Math.max(1, exchange.getAttempt()));
    exchange.setTarget(target);
    exchange.setEffectiveRequest(exchange.getBaseRequest());
    exchange.setAttemptStartedAtMillis(now);
    if (exchange.getDeadlineMillis() <= now) {
      refuse(
          exchange, ErrorCode.DEADLINE_EXCEEDED.error("the deadline passed before the call"), key);
      return;
    }
    var aim = new io.millrace.plugin.model.Target(target.getProvider(), target.getModel());
    PipelineError refusal = setup.refusal(aim);
    if (refusal != null) {
      if (setup.isBlocked(aim)) {
        outlet.event(exchange, outlet.source(), "target-blocked", Map.of("target", aim.toString()));
      }
      refuse(exchange, refusal, key);
      return;
    }
    Frames.push(exchange, setup.replyTopic(), key);
    outlet.pass(new Passage(exchange), key, setup.nodes().firstPre());
  }

  private void refuse(Exchange exchange, PipelineError error, String key) {
    exchange.setOutcome(AvroModel.toAvro(error));
    outlet.pass(new Passage(exchange), key, setup.nodes().settle());
  }
}
