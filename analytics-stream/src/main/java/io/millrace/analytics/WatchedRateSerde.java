package io.millrace.analytics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** JSON: small, seldom written, and a later version can add fields. */
final class WatchedRateSerde implements Serde<WatchedRate> {

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  @Override
  public Serializer<WatchedRate> serializer() {
    return (topic, rate) -> {
      try {
        return rate == null ? null : JSON.writeValueAsBytes(rate);
      } catch (JsonProcessingException e) {
        throw new SerializationException("cannot write a watched rate for " + topic, e);
      }
    };
  }

  @Override
  public Deserializer<WatchedRate> deserializer() {
    return (topic, bytes) -> {
      try {
        return bytes == null ? null : JSON.readValue(bytes, WatchedRate.class);
      } catch (IOException e) {
        throw new SerializationException("cannot read a watched rate of " + topic, e);
      }
    };
  }
}
