package io.millrace.analytics;

import io.millrace.schemas.avro.MetricWindow;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Open windows as {@link MetricWindow}s without percentiles.
 *
 * @param windows of the record
 * @param maxErrorCodes the most error codes that a window tells apart
 */
record OpenWindowSerde(Serde<MetricWindow> windows, int maxErrorCodes)
    implements Serde<OpenWindow> {

  @Override
  public Serializer<OpenWindow> serializer() {
    Serializer<MetricWindow> states = windows.serializer();
    return (topic, window) ->
        window == null ? null : states.serialize(topic, window.figures().toState(window.key()));
  }

  @Override
  public Deserializer<OpenWindow> deserializer() {
    Deserializer<MetricWindow> states = windows.deserializer();
    return (topic, bytes) -> {
      if (bytes == null) {
        return null;
      }
      MetricWindow state = states.deserialize(topic, bytes);
      return new OpenWindow(WindowKey.of(state), WindowAccumulator.ofState(state, maxErrorCodes));
    };
  }
}
