package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Sends an outcome from a group beyond home back to the group that sent the exchange. */
final class ReturnProcessor implements Processor<String, Passage, String, Object> {

  private final StageSetup setup;
  private ProcessorContext<String, Object> context;
  private Outlet outlet;
  private Ledger ledger;

  ReturnProcessor(StageSetup setup) {
    this.setup = setup;
  }

  @Override
  public void init(ProcessorContext<String, Object> taskContext) {
    context = taskContext;
    outlet = setup.outlet(taskContext);
    ledger = new Ledger(taskContext, setup);
  }

  @Override
  public void process(Record<String, Passage> record) {
    Passage passage = record.value();
    outlet.hooksGone(passage, setup::has);
    passage.outcome(); // where there is none, this makes it the error that says so
    Exchange exchange = passage.settled();
    Frames.pop(exchange);
    ledger.finish(exchange, outlet.nowMillis());
    Frame former = exchange.getFrames().getLast();
    context.forward(
        new Record<>(former.getScopeKey(), exchange, outlet.nowMillis()),
        setup.nodes().toGroupBefore());
  }
}
