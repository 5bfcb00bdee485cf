package io.millrace.schemas.serde;

import io.millrace.schemas.registry.SchemaRegistry.RegisteredSchema;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Writes a value with another schema than its own: encodes it, reads that as the other schema, and
 * encodes what comes out. Only used where {@code use.latest.version} asks for it and the newest
 * schema differs.
 */
final class ConvertingWriter implements DatumWriter<Object> {

  private final DatumWriter<Object> ownWriter;
  private final DatumReader<Object> resolver;
  private final DatumWriter<Object> targetWriter;

  /**
   * A writer of values of {@code own} as the registered schema.
   *
   * @throws SerializationException when values of the one cannot be read as the other
   */
  @SuppressWarnings("unchecked")
  ConvertingWriter(
      DatumWriter<Object> ownWriter, Schema own, RegisteredSchema target, GenericData data) {
    var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(target.schema(), own);
    if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new SerializationException(
          "use.latest.version is set, but a "
              + own.getFullName()
              + " cannot be written as version "
              + target.version()
              + " of subject "
              + target.subject()
              + "; register its schema there or unset use.latest.version");
    }
    try {
      this.resolver = new FastReaderBuilder(data).createDatumReader(own, target.schema());
    } catch (IOException e) {
      throw new SerializationException("cannot prepare the conversion to the latest schema", e);
    }
    this.ownWriter = ownWriter;
    this.targetWriter = (DatumWriter<Object>) data.createDatumWriter(target.schema());
  }

  @Override
  public void setSchema(Schema schema) {
    throw new UnsupportedOperationException("both schemas are given when this object is made");
  }

  @Override
  public void write(Object value, Encoder out) throws IOException {
    FrameEncoder between = new FrameEncoder();
    ownWriter.write(value, between);
    byte[] frame = between.frame(0);
    Object converted = resolver.read(null, new FrameDecoder(frame, WireFormat.HEADER_BYTES));
    targetWriter.write(converted, out);
  }
}
