package io.millrace.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Writes a record as one line of JSON, whatever it holds. */
final class RecordLine {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String BASE64 = "base64";

  private final Topic topic;
  private final @Nullable Deserializer<? extends SpecificRecord> avro;

  RecordLine(Topic topic, AvroSerdes serdes) {
    this.topic = topic;
    this.avro = topic.valueType() == null ? null : serdes.forType(topic.valueType()).deserializer();
  }

  String of(ConsumerRecord<byte[], byte[]> taken) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("topic", taken.topic());
    line.put("partition", taken.partition());
    line.put("offset", taken.offset());
    line.put("time", Instant.ofEpochMilli(taken.timestamp()).toString());
    line.set("key", plain(taken.key()));
    ObjectNode headers = line.putObject("headers");
    for (Header header : taken.headers()) {
      headers.set(header.key(), plain(header.value()));
    }
    putValue(line, taken.value());
    return line.toString();
  }

  private void putValue(ObjectNode line, byte @Nullable [] value) {
    if (value == null || avro == null) {
      line.set("value", plain(value));
      return;
    }
    try {
      line.set("value", startsLikeJson(value) ? MAPPER.readTree(value) : decoded(avro, value));
    } catch (SerializationException | java.io.IOException e) {
      line.put("undecodable", Objects.toString(e.getMessage(), e.toString()));
      line.set("value", plain(value));
    }
  }

  private JsonNode decoded(Deserializer<? extends SpecificRecord> deserializer, byte[] value)
      throws JsonProcessingException {
    SpecificRecord decoded = deserializer.deserialize(topic.name(), value);
    return MAPPER.readTree(GenericData.get().toString(decoded));
  }

  private static boolean startsLikeJson(byte[] value) {
    return value.length > 0 && value[0] == '{';
  }

  private static JsonNode plain(byte @Nullable [] bytes) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (bytes == null) {
      return nodes.nullNode();
    }
    try {
      return nodes.textNode(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return nodes.objectNode().put(BASE64, Base64.getEncoder().encodeToString(bytes));
    }
  }
}
