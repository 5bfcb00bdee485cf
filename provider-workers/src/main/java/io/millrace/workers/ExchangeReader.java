package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.registry.SchemaRegistryException;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads dispatched exchanges. Waits out an outage of the registry. Thread-safe. */
final class ExchangeReader {

  private static final Logger LOG = LoggerFactory.getLogger(ExchangeReader.class);

  private final Deserializer<Exchange> deserializer;
  private final Backoff backoff;
  private final TimeSource time;

  ExchangeReader(Deserializer<Exchange> deserializer, Backoff backoff, TimeSource time) {
    this.deserializer = deserializer;
    this.backoff = backoff;
    this.time = time;
  }

  /**
   * Reads one.
   *
   * @throws UnusableRecordException when it can never be read, or lacks what a worker needs
   */
  Exchange read(ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException, UnusableRecordException {
    if (record.value() == null) {
      throw new UnusableRecordException(
          ErrorCode.UNDECODABLE, "the record has no value; a dispatch is an Exchange");
    }
    // Its reply would hold all of it and more, which no stage takes in: nobody pays for a call.
    if (record.value().length > Topic.MAX_EXCHANGE_BYTES) {
      throw new UnusableRecordException(
          ErrorCode.REQUEST_TOO_LARGE,
          "%d bytes are more than the %d that an exchange may have"
              .formatted(record.value().length, Topic.MAX_EXCHANGE_BYTES));
    }
    Exchange exchange = decode(record);
    if (exchange.getFrames().isEmpty()) {
      throw new UnusableRecordException(
          ErrorCode.INTERNAL_ERROR, "the exchange has no frame: there is nobody to answer");
    }
    if (exchange.getTarget() == null) {
      throw new UnusableRecordException(
          ErrorCode.INTERNAL_ERROR, "the exchange has no target: there is no model to call");
    }
    return exchange;
  }

  private Exchange decode(ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException, UnusableRecordException {
    for (int failures = 1; ; failures++) {
      try {
        return deserializer.deserialize(record.topic(), record.value());
      } catch (UndecodableValueException e) {
        throw new UnusableRecordException(e.code(), message(e));
      } catch (SchemaRegistryException e) {
        LOG.warn("the registry does not say how to read a dispatch; trying again: {}", message(e));
        time.sleep(backoff.before(failures));
      } catch (RuntimeException e) {
        throw new UnusableRecordException(ErrorCode.UNDECODABLE, message(e));
      }
    }
  }

  private static String message(RuntimeException e) {
    return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
  }
}
