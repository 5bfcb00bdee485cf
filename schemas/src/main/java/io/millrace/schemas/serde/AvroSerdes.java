package io.millrace.schemas.serde;

import io.millrace.schemas.model.TrustedRecords;
import io.millrace.schemas.registry.SchemaRegistry;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes for Avro values in the Confluent wire format. Thread-safe, and so are its serdes. */
public final class AvroSerdes {

  static {
    TrustedRecords.trust();
  }

  private final SchemaRegistry registry;
  private final SerdeSettings settings;

  /** Serdes that ask this registry with the default settings; they do not close it. */
  public AvroSerdes(SchemaRegistry registry) {
    this(registry, Map.of());
  }

  /**
   * Serdes that ask this registry; they do not close it.
   *
   * @param config {@code auto.register.schemas}, {@code use.latest.version} and {@code
   *     value.subject.name.strategy} are used, other keys are ignored
   * @throws org.apache.kafka.common.config.ConfigException when a value is wrong
   */
  public AvroSerdes(SchemaRegistry registry, Map<String, ?> config) {
    this.registry = registry;
    this.settings = SerdeSettings.of(config);
  }

  /** Tells records apart by their first field, a text, without decoding them. */
  public LeadingText leadingText(String field, Set<String> wanted) {
    return new LeadingText(registry, field, wanted);
  }

  /**
   * A serde for the values of one generated record type. Null is a tombstone both ways.
   *
   * <p>Decoding throws {@link UndecodableValueException} where the bytes are at fault and {@link
   * io.millrace.schemas.registry.SchemaRegistryException} where the registry is.
   */
  public <T extends SpecificRecord> Serde<T> forType(Class<T> type) {
    Schema schema = SpecificData.get().getSchema(type);
    SpecificData data = RecordClasses.of(type);
    var encoder = new RecordEncoder(registry, settings, false, data);
    var decoder = new RecordDecoder(registry, data, writer -> schema);
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : encoder.encode(topic, schema, value),
        (topic, bytes) -> bytes == null ? null : type.cast(decoder.decode(topic, bytes)));
  }
}
