package io.millrace.analytics;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.registry.SchemaRegistryException;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import org.apache.kafka.common.serialization.Deserializer;

/** Tells calls from bytes that are none. */
final class CallDecoder {

  private final Deserializer<ProviderCall> deserializer;
  private final String topic;

  CallDecoder(AvroSerdes serdes, String topic) {
    this.deserializer = serdes.forType(ProviderCall.class).deserializer();
    this.topic = topic;
  }

  /** What a record's value turned out to be. */
  sealed interface Decoded {}

  /** A call. */
  record Call(ProviderCall call) implements Decoded {}

  /** Not a call, and never going to be one. */
  record Undecodable(ErrorCode code, String message) implements Decoded {}

  /**
   * Decodes a value.
   *
   * @throws SchemaRegistryException when the registry cannot be asked, so that nobody knows yet
   */
  Decoded decode(byte[] value) {
    try {
      return new Call(deserializer.deserialize(topic, value));
    } catch (UndecodableValueException e) {
      return new Undecodable(e.code(), "expected a ProviderCall: " + e.getMessage());
    }
  }
}
