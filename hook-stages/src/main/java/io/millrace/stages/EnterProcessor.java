package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.model.AvroModel;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Takes an exchange into a group beyond home: its frame says where the outcome comes back to. */
final class EnterProcessor implements Processor<String, byte[], String, Object> {

  private final StageSetup setup;
  private Outlet outlet;

  EnterProcessor(StageSetup setup) {
    this.setup = setup;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = setup.outlet(context);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    Exchange exchange = setup.decode(record, outlet);
    if (exchange == null) {
      return;
    }
    Frames.push(exchange, setup.replyTopic(), record.key());
    if (exchange.getDeadlineMillis() <= outlet.nowMillis()) {
      exchange.setOutcome(
          AvroModel.toAvro(
              ErrorCode.DEADLINE_EXCEEDED.error("the deadline passed before the call")));
      outlet.pass(new Passage(exchange), record.key(), setup.nodes().settle());
    } else {
      outlet.pass(new Passage(exchange), record.key(), setup.nodes().firstPre());
    }
  }
}
