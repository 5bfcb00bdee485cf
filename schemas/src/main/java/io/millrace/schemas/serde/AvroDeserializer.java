package io.millrace.schemas.serde;

import io.millrace.schemas.registry.RestSchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * A deserializer to be named in a Kafka client's configuration, with Confluent's keys: {@code
 * schema.registry.url} and the others of {@link RestSchemaRegistry}, and {@code
 * specific.avro.reader} to get generated records rather than generic ones. Throws {@link
 * UndecodableValueException} where the bytes are at fault and {@link
 * io.millrace.schemas.registry.SchemaRegistryException} where the registry is. Thread-safe once
 * configured.
 */
public final class AvroDeserializer implements Deserializer<Object> {

  private final SerdeRegistry registry;
  private @Nullable RecordDecoder decoder;

  /** For Kafka, which calls {@link #configure} next. */
  public AvroDeserializer() {
    this.registry = new SerdeRegistry(null);
  }

  /**
   * A deserializer that asks this registry and does not close it; to be configured nevertheless.
   */
  public AvroDeserializer(SchemaRegistry registry) {
    this.registry = new SerdeRegistry(registry);
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    SerdeSettings settings = SerdeSettings.of(configs);
    SchemaRegistry source = registry.open(configs);
    decoder = settings.specific() ? specific(source) : generic(source);
  }

  private static RecordDecoder generic(SchemaRegistry registry) {
    return new RecordDecoder(registry, new GenericData(), writer -> writer);
  }

  private static RecordDecoder specific(SchemaRegistry registry) {
    RecordClasses classes = new RecordClasses(RecordClasses.callersLoader());
    return new RecordDecoder(registry, classes, writer -> generatedSchema(classes, writer));
  }

  private static Schema generatedSchema(RecordClasses classes, Schema writer) {
    if (writer.getType() != Schema.Type.RECORD) {
      return writer;
    }
    Class<?> type = classes.getClass(writer);
    if (type == null) {
      throw new SerializationException(
          "specific.avro.reader is set, but there is no generated class "
              + writer.getFullName()
              + " on the class path");
    }
    return classes.getSchema(type);
  }

  @Override
  public @Nullable Object deserialize(String topic, byte @Nullable [] data) {
    RecordDecoder configured = decoder;
    if (configured == null) {
      throw new IllegalStateException("configure() comes first");
    }
    return data == null ? null : configured.decode(topic, data);
  }

  @Override
  public void close() {
    registry.close();
  }
}
