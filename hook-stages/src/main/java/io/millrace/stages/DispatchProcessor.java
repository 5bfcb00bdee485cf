package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.stages.plan.StageGroup;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Opens the ledger for the attempt and hands it to the next group or the provider's workers. */
final class DispatchProcessor implements Processor<String, Passage, String, Object> {

  private final StageSetup setup;
  private ProcessorContext<String, Object> context;
  private Outlet outlet;
  private Ledger ledger;
  private EarlyReplies earlyReplies;

  DispatchProcessor(StageSetup setup) {
    this.setup = setup;
  }

  @Override
  public void init(ProcessorContext<String, Object> taskContext) {
    context = taskContext;
    outlet = setup.outlet(taskContext);
    ledger = new Ledger(taskContext, setup);
    earlyReplies = new EarlyReplies(taskContext, setup);
  }

  @Override
  public void process(Record<String, Passage> record) {
    StageGroup next = setup.next();
    String key =
        next == null
            ? record.value().exchange().getExchangeId()
            : GroupKeys.of(next, setup.chain(), record.value(), outlet);
    Exchange exchange = record.value().settled();
    ledger.awaitReply(exchange);
    Exchange early = earlyReplies.take(exchange);
    if (early != null) {
      // What it carries besides was noted by hooks in a run that was taken back.
      exchange.setOutcome(early.getOutcome());
      exchange.setAttemptCostNanos(early.getAttemptCostNanos());
      outlet.pass(new Passage(exchange), record.key(), setup.nodes().firstPost());
    } else {
      forward(record.value(), key);
    }
  }

  private void forward(Passage passage, String key) {
    context.forward(
        new Record<>(key, passage.exchange(), outlet.nowMillis()),
        setup.next() == null ? setup.nodes().toProviders() : setup.nodes().toNextGroup());
  }
}
