package io.millrace.schemas.serde;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistryException;
import java.io.IOException;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.FastReaderBuilder;
import org.jspecify.annotations.Nullable;

/** Turns frames into values of one kind. Thread-safe; asks the registry once per schema id. */
final class RecordDecoder {

  private static final int MAX_WRITERS = 1_000;

  private final SchemaRegistry registry;
  private final GenericData data;
  private final Function<Schema, Schema> readerOf;
  private final LoadingCache<Schema, DatumReader<Object>> readers =
      Caffeine.newBuilder().maximumSize(MAX_WRITERS).weakKeys().build(this::reader);

  /**
   * A decoder.
   *
   * @param data makes the values
   * @param readerOf which schema to read as, by the writer's
   */
  RecordDecoder(SchemaRegistry registry, GenericData data, Function<Schema, Schema> readerOf) {
    this.registry = registry;
    this.data = data;
    this.readerOf = readerOf;
  }

  /**
   * The value of a frame.
   *
   * @throws UndecodableValueException when the bytes are at fault
   * @throws SchemaRegistryException when the registry is away: the bytes may be good
   */
  Object decode(String topic, byte[] frame) {
    int id = WireFormat.idOf(frame);
    Schema writer = writer(topic, id);
    DatumReader<Object> reader = reader(topic, id, writer);
    FrameDecoder decoder = new FrameDecoder(frame, WireFormat.HEADER_BYTES);
    Object value;
    try {
      value = reader.read(null, decoder);
    } catch (IOException | RuntimeException e) {
      throw undecodable(topic, id, writer, String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw undecodable(topic, id, writer, "it is nested too deeply", null);
    }
    if (decoder.remainingBytes() > 0) {
      throw undecodable(topic, id, writer, decoder.remainingBytes() + " bytes follow it", null);
    }
    return value;
  }

  private Schema writer(String topic, int id) {
    try {
      return registry.schemaOf(id);
    } catch (SchemaRegistryException e) {
      if (e.notFound()) {
        throw new UndecodableValueException(
            ErrorCode.UNKNOWN_SCHEMA,
            "the value from topic "
                + topic
                + " names schema id "
                + id
                + ", which the registry does not have",
            e);
      }
      if (e.errorCode() == SchemaRegistryException.NOT_AVRO) {
        throw new UndecodableValueException(
            ErrorCode.UNDECODABLE,
            "the value from topic " + topic + " names schema id " + id + ": " + e.getMessage(),
            e);
      }
      throw e;
    }
  }

  private DatumReader<Object> reader(String topic, int id, Schema writer) {
    try {
      return readers.get(writer);
    } catch (AvroRuntimeException e) {
      throw undecodable(topic, id, writer, "its schema does not fit: " + e.getMessage(), e);
    }
  }

  /** A builder of its own for each: Avro's cache inside it is not made for several threads. */
  private DatumReader<Object> reader(Schema writer) {
    try {
      return new FastReaderBuilder(data).createDatumReader(writer, readerOf.apply(writer));
    } catch (IOException e) {
      throw new AvroRuntimeException("a default value cannot be encoded", e);
    }
  }

  private static UndecodableValueException undecodable(
      String topic, int id, Schema writer, String what, @Nullable Throwable cause) {
    return new UndecodableValueException(
        ErrorCode.UNDECODABLE,
        "the value from topic "
            + topic
            + " is no "
            + writer.getFullName()
            + " (schema id "
            + id
            + "): "
            + what,
        cause);
  }
}
