package io.millrace.schemas.serde;

import io.millrace.schemas.model.TrustedRecords;
import io.millrace.schemas.registry.SchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes for Avro values in the Confluent wire format. Thread-safe. */
public final class AvroSerdes {

  static {
    TrustedRecords.trust();
  }

  private final SchemaRegistry registry;

  /** Serdes that ask this registry; they do not close it. */
  public AvroSerdes(SchemaRegistry registry) {
    this.registry = registry;
  }

  /** A serde for the values of one generated record type. Null is a tombstone both ways. */
  public <T extends SpecificRecord> Serde<T> forType(Class<T> type) {
    Schema schema = SpecificData.get().getSchema(type);
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : encode(topic, schema, value),
        (topic, bytes) -> bytes == null ? null : decode(schema, bytes));
  }

  private <T> byte[] encode(String topic, Schema schema, T value) {
    try {
      int id = registry.register(topic + "-value", schema);
      ByteArrayOutputStream out = new ByteArrayOutputStream(512);
      out.write(0);
      out.write(ByteBuffer.allocate(4).putInt(id).array());
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new SpecificDatumWriter<T>(schema).write(value, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new SerializationException("cannot encode " + schema.getFullName(), e);
    }
  }

  private <T> T decode(Schema reader, byte[] bytes) {
    try {
      ByteBuffer frame = ByteBuffer.wrap(bytes);
      if (frame.remaining() < 5 || frame.get() != 0) {
        throw new SerializationException("not in the Confluent wire format");
      }
      Schema writer = registry.schemaOf(frame.getInt());
      return new SpecificDatumReader<T>(writer, reader)
          .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    } catch (IOException e) {
      throw new SerializationException("cannot decode " + reader.getFullName(), e);
    }
  }
}
