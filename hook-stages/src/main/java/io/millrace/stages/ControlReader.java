package io.millrace.stages;

import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ControlAction;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicFollower;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.stages.HookSwitches.Position;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the orders about hooks that are on the control topic to the chain. */
final class ControlReader {

  private static final String THREAD = "millrace-control";
  private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);

  private final String topic;
  private final Deserializer<Control> values;
  private final HookChain chain;

  private ControlReader(String topic, Deserializer<Control> values, HookChain chain) {
    this.topic = topic;
    this.values = values;
    this.chain = chain;
  }

  /** Begins to read; the caller closes it. */
  static TopicFollower start(
      String topic, KafkaConnection connection, Deserializer<Control> values, HookChain chain) {
    ControlReader reader = new ControlReader(topic, values, chain);
    return TopicFollower.start(topic, connection, THREAD, reader::follow);
  }

  private void follow(ConsumerRecord<String, byte[]> record) {
    HookControl.hookOf(record.key()).ifPresent(hook -> follow(hook, record));
  }

  private void follow(String hook, ConsumerRecord<String, byte[]> record) {
    try {
      @Nullable Control order = values.deserialize(topic, record.value());
      if (order == null) {
        chain.order(hook, Position.AS_CONFIGURED, "configuration");
      } else if (order.getAction() == ControlAction.ENABLE) {
        chain.order(hook, Position.ON, order.getBy());
      } else if (order.getAction() == ControlAction.DISABLE) {
        chain.order(hook, Position.OFF, order.getBy());
      }
    } catch (UndecodableValueException e) {
      LOG.warn(
          "the order about hook {} at offset {} of {} is no Control record and is passed over: {}",
          hook,
          record.offset(),
          topic,
          e.getMessage());
    }
  }
}
