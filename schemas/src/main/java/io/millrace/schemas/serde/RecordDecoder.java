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
    FrameDecoder decoder = new FrameDecoder(frame, WireFormat.HEADER_BYTES);
    try {
      Object value = readers.get(writer).read(null, decoder);
      if (decoder.remainingBytes() > 0) {
        throw undecodable(topic, id, writer, decoder.remainingBytes() + " bytes follow it", null);
      }
      return value;
    } catch (IOException | AvroRuntimeException | ClassCastException e) {
      throw undecodable(topic, id, writer, String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw undecodable(topic, id, writer, "it is nested too deeply", null);
    }
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
      throw e;
    }
  }

  /** A builder of its own for each: Avro's cache inside it is not made for several threads. */
  private DatumReader<Object> reader(Schema writer) throws IOException {
    return new FastReaderBuilder(data).createDatumReader(writer, readerOf.apply(writer));
  }

  private static UndecodableValueException undecodable(
      String topic,
      int id,
      Schema writer,
      String what,
      @org.jspecify.annotations.Nullable Throwable cause) {
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
