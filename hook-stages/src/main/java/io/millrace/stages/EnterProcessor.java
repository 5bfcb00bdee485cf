package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.model.AvroModel;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

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
    String fault = fault(exchange);
    if (fault != null) {
      outlet.deadLetter(record, ErrorCode.UNDECODABLE.wireName(), fault);
      return;
    }
    Frames.push(exchange, setup.replyTopic(), record.key());
    PipelineError refusal = refusal(exchange);
    if (refusal != null) {
      exchange.setOutcome(AvroModel.toAvro(refusal));
      outlet.pass(new Passage(exchange), record.key(), setup.nodes().settle());
    } else {
      outlet.pass(new Passage(exchange), record.key(), setup.nodes().firstPre());
    }
  }

  /**
   * What keeps an exchange from being sent on or back: a record to a topic that does not exist
   * would hold up the group. A group that only others know yet is none of that.
   */
  private @Nullable String fault(Exchange exchange) {
    if (exchange.getTarget() == null) {
      return "the exchange has no target, which home gives it";
    }
    if (exchange.getFrames().isEmpty()) {
      return "the exchange has no frame, which says where its outcome goes";
    }
    String topic = exchange.getFrames().getLast().getReplyTopic();
    return setup.topics().isStageReplies(topic)
        ? null
        : "the outcome should go to topic '" + topic + "', which is no stage's";
  }

  private @Nullable PipelineError refusal(Exchange exchange) {
    if (exchange.getDeadlineMillis() <= outlet.nowMillis()) {
      return ErrorCode.DEADLINE_EXCEEDED.error("the deadline passed before the call");
    }
    String provider = Objects.requireNonNull(exchange.getTarget()).getProvider();
    return setup.routing().knows(provider) ? null : setup.routing().notConfigured(provider);
  }
}
