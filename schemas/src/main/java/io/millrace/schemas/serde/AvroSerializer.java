package io.millrace.schemas.serde;

import io.millrace.schemas.registry.RestSchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A serializer to be named in a Kafka client's configuration, with Confluent's keys: {@code
 * schema.registry.url} and the others of {@link RestSchemaRegistry}, {@code auto.register.schemas},
 * {@code use.latest.version}, {@code key.subject.name.strategy}, {@code
 * value.subject.name.strategy}. Takes generic and generated records and Avro's primitive types.
 * Thread-safe once configured.
 */
public final class AvroSerializer implements Serializer<Object> {

  private final SerdeRegistry registry;
  private @Nullable RecordEncoder encoder;

  /** For Kafka, which calls {@link #configure} next. */
  public AvroSerializer() {
    this.registry = new SerdeRegistry(null);
  }

  /** A serializer that asks this registry and does not close it; to be configured nevertheless. */
  public AvroSerializer(SchemaRegistry registry) {
    this.registry = new SerdeRegistry(registry);
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    SerdeSettings settings = SerdeSettings.of(configs);
    SchemaRegistry source = registry.open(configs);
    encoder =
        new RecordEncoder(
            source, settings, isKey, new RecordClasses(RecordClasses.callersLoader()));
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable Object data) {
    RecordEncoder configured = encoder;
    if (configured == null) {
      throw new IllegalStateException("configure() comes first");
    }
    if (data == null) {
      return null;
    }
    Object value = data instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : data;
    return configured.encode(topic, schemaOf(value), value);
  }

  private static Schema schemaOf(Object value) {
    return switch (value) {
      case GenericContainer container -> container.getSchema();
      case CharSequence text -> Primitive.STRING;
      case ByteBuffer bytes -> Primitive.BYTES;
      case Integer number -> Primitive.INT;
      case Long number -> Primitive.LONG;
      case Float number -> Primitive.FLOAT;
      case Double number -> Primitive.DOUBLE;
      case Boolean flag -> Primitive.BOOLEAN;
      default ->
          throw new SerializationException(
              "a "
                  + value.getClass().getName()
                  + " is no Avro value; give a generic or generated record, or a primitive type");
    };
  }

  @Override
  public void close() {
    registry.close();
  }

  /** The schemas of values that do not carry one. */
  private static final class Primitive {
    static final Schema STRING = Schema.create(Schema.Type.STRING);
    static final Schema BYTES = Schema.create(Schema.Type.BYTES);
    static final Schema INT = Schema.create(Schema.Type.INT);
    static final Schema LONG = Schema.create(Schema.Type.LONG);
    static final Schema FLOAT = Schema.create(Schema.Type.FLOAT);
    static final Schema DOUBLE = Schema.create(Schema.Type.DOUBLE);
    static final Schema BOOLEAN = Schema.create(Schema.Type.BOOLEAN);

    private Primitive() {}
  }
}
