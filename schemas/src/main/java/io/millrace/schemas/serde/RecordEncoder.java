package io.millrace.schemas.serde;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry.RegisteredSchema;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.errors.SerializationException;

/** Turns values into frames. Thread-safe; waits for the registry once per topic and schema. */
final class RecordEncoder {

  private static final int MAX_TARGETS = 1_000;

  private record Target(String topic, Schema schema) {}

  /** How values of one schema become the bytes of a registered one. */
  private record Prepared(int id, DatumWriter<Object> writer) {}

  private final SchemaRegistry registry;
  private final SerdeSettings settings;
  private final boolean isKey;
  private final SpecificData data;
  private final FrameEncoders encoders = new FrameEncoders();
  private final Cache<Target, Prepared> prepared =
      Caffeine.newBuilder().maximumSize(MAX_TARGETS).build();

  /**
   * An encoder.
   *
   * @param data knows the classes of the values; generic values need nothing of it
   */
  RecordEncoder(SchemaRegistry registry, SerdeSettings settings, boolean isKey, SpecificData data) {
    this.registry = registry;
    this.settings = settings;
    this.isKey = isKey;
    this.data = data;
  }

  /**
   * The frame of a value.
   *
   * @throws SerializationException when the value does not fit its schema
   * @throws io.millrace.schemas.registry.SchemaRegistryException when the registry refuses the
   *     schema or is away
   */
  byte[] encode(String topic, Schema schema, Object value) {
    Prepared target = preparedFor(topic, schema);
    FrameEncoder encoder = encoders.take();
    try {
      target.writer().write(value, encoder);
      return encoder.frame(target.id());
    } catch (IOException
        | AvroRuntimeException
        | ClassCastException
        | NullPointerException
        | ArithmeticException e) {
      throw new SerializationException(
          "the " + schema.getFullName() + " for topic " + topic + " does not fit its schema", e);
    } finally {
      encoders.giveBack(encoder);
    }
  }

  private Prepared preparedFor(String topic, Schema schema) {
    String subject = settings.strategy(isKey).subject(topic, isKey, schema);
    Target target = new Target(topic, schema);
    Prepared known = prepared.getIfPresent(target);
    if (!settings.autoRegister() && settings.useLatest()) {
      RegisteredSchema latest = registry.latest(subject);
      if (known == null || known.id() != latest.id()) {
        known = new Prepared(latest.id(), writerFor(schema, latest));
        prepared.put(target, known);
      }
      return known;
    }
    if (known == null) {
      int id =
          settings.autoRegister()
              ? registry.register(subject, schema)
              : registry.idOf(subject, schema);
      known = new Prepared(id, writerFor(schema));
      prepared.put(target, known);
    }
    return known;
  }

  @SuppressWarnings("unchecked")
  private DatumWriter<Object> writerFor(Schema schema) {
    return (DatumWriter<Object>) data.createDatumWriter(schema);
  }

  private DatumWriter<Object> writerFor(Schema schema, RegisteredSchema latest) {
    return schema.equals(latest.schema())
        ? writerFor(schema)
        : new ConvertingWriter(writerFor(schema), schema, latest, new GenericData());
  }
}
