package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Opens the ledger for the attempt and hands it to the provider's workers. */
final class DispatchProcessor implements Processor<String, Passage, String, Object> {

  private final HomeSetup setup;
  private ProcessorContext<String, Object> context;
  private Outlet outlet;
  private Ledger ledger;
  private EarlyReplies earlyReplies;

  DispatchProcessor(HomeSetup setup) {
    this.setup = setup;
  }

  @Override
  public void init(ProcessorContext<String, Object> taskContext) {
    context = taskContext;
    outlet = new Outlet(taskContext, setup.events());
    ledger = new Ledger(taskContext, setup.dedupWindow());
    earlyReplies = new EarlyReplies(taskContext);
  }

  @Override
  public void process(Record<String, Passage> record) {
    Exchange exchange = record.value().settled();
    ledger.awaitReply(exchange);
    Exchange early = earlyReplies.take(exchange);
    if (early != null) {
      // What it carries besides was noted by hooks in a run that was taken back.
      exchange.setOutcome(early.getOutcome());
      exchange.setAttemptCostNanos(early.getAttemptCostNanos());
      outlet.pass(new Passage(exchange), record.key(), HomeNodes.firstPost(setup.hookNames()));
    } else {
      context.forward(
          new Record<>(exchange.getExchangeId(), exchange, outlet.nowMillis()),
          HomeNodes.TO_PROVIDERS);
    }
  }
}
