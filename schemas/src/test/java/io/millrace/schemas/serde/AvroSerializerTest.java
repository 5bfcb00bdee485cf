package io.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.avro.ToolCall;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistryException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.Utf8;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroSerializerTest {

  private static final String TOPIC = "orders";
  private static final Schema ORDER =
      parse("{\"name\":\"id\",\"type\":\"int\"},{\"name\":\"note\",\"type\":\"string\"}");
  private static final String STRATEGY = "value.subject.name.strategy";

  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();

  private static Schema parse(String fields) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":["
                + fields
                + "]}");
  }

  @Test
  void shouldWriteTheExactFrameWhenTheRecordIsGeneric() {
    byte[] frame = serializer(Map.of()).serialize(TOPIC, order());
    assertThat(frame).isEqualTo(HexFormat.of().parseHex("0000000001" + "2a" + "0a68656c6c6f"));
    assertThat(deserializer(Map.of()).deserialize(TOPIC, frame)).isEqualTo(order());
  }

  @Test
  void shouldReadGeneratedRecordsWhenAskedTo() {
    ToolCall call = new ToolCall("c", "name", "{}");
    byte[] frame = serializer(Map.of()).serialize(TOPIC, call);
    assertThat(deserializer(Map.of("specific.avro.reader", "true")).deserialize(TOPIC, frame))
        .isEqualTo(call);
    assertThat(deserializer(Map.of()).deserialize(TOPIC, frame))
        .isInstanceOfSatisfying(
            GenericRecord.class, generic -> assertThat(generic.get("id")).hasToString("c"));
  }

  @Test
  void shouldSayWhichClassWhenThereIsNoneForTheSchema() {
    byte[] frame = serializer(Map.of()).serialize(TOPIC, order());
    AvroDeserializer specific = deserializer(Map.of("specific.avro.reader", true));
    assertThatThrownBy(() -> specific.deserialize(TOPIC, frame))
        .isInstanceOf(SerializationException.class)
        .isNotInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("no generated class shop.Order");
  }

  @Test
  void shouldNotLoadClassesWhenASchemaNamesSomeThatAvroDidNotGenerate() {
    Schema thread =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"namespace\":\"java.lang\",\"name\":\"Thread\",\"fields\":[]}");
    assertThat(new RecordClasses(getClass().getClassLoader()).getClass(thread)).isNull();
  }

  @Test
  void shouldKeepPrimitivesAndNullWhenGiven() {
    List<Object> values =
        List.of(new Utf8("text"), 1, 2L, 3f, 4d, true, ByteBuffer.wrap(new byte[] {1, 2}));
    for (Object value : values) {
      byte[] frame = serializer(Map.of()).serialize(TOPIC, value);
      assertThat(deserializer(Map.of()).deserialize(TOPIC, frame)).isEqualTo(value);
    }
    byte[] frame = serializer(Map.of()).serialize(TOPIC, new byte[] {1, 2});
    assertThat(deserializer(Map.of()).deserialize(TOPIC, frame))
        .isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat(serializer(Map.of()).serialize(TOPIC, null)).isNull();
    assertThat(deserializer(Map.of()).deserialize(TOPIC, null)).isNull();
  }

  @Test
  void shouldSayWhichClassWhenTheValueIsNotAvros() {
    assertThatThrownBy(() -> serializer(Map.of()).serialize(TOPIC, List.of()))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("is no Avro value");
  }

  @Test
  void shouldSaySoWhenTheValueDoesNotFitItsSchema() {
    GenericRecord wrong = new GenericData.Record(ORDER);
    assertThatThrownBy(() -> serializer(Map.of()).serialize(TOPIC, wrong))
        .isInstanceOf(SerializationException.class)
        .hasMessage("the shop.Order for topic orders does not fit its schema");
    assertThat(serializer(Map.of()).serialize(TOPIC, order())).hasSize(12);
  }

  @ParameterizedTest
  @CsvSource({
    "TopicNameStrategy, orders-value",
    "TopicName, orders-value",
    "RecordNameStrategy, shop.Order",
    "TopicRecordNameStrategy, orders-shop.Order",
    "io.confluent.kafka.serializers.subject.TopicNameStrategy, orders-value",
    "io.confluent.kafka.serializers.subject.RecordNameStrategy, shop.Order",
    "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy, orders-shop.Order"
  })
  void shouldNameTheSubjectWhenAStrategyIsConfigured(String strategy, String subject) {
    serializer(Map.of(STRATEGY, strategy)).serialize(TOPIC, order());
    assertThat(registry.latest(subject).schema()).isEqualTo(ORDER);
  }

  @Test
  void shouldUseTheKeysSubjectWhenItSerializesKeys() {
    AvroSerializer keys = new AvroSerializer(registry);
    keys.configure(Map.of(STRATEGY, "RecordName"), true);
    keys.serialize(TOPIC, order());
    assertThat(registry.latest("orders-key").schema()).isEqualTo(ORDER);
  }

  @Test
  void shouldRefuseWhenTheStrategyIsUnknownOrNeedsARecord() {
    assertThatThrownBy(() -> serializer(Map.of(STRATEGY, "com.acme.Mine")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not com.acme.Mine");
    assertThatThrownBy(() -> serializer(Map.of("auto.register.schemas", "yes")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be true or false");
    assertThatThrownBy(() -> serializer(Map.of(STRATEGY, "RecordName")).serialize(TOPIC, 1))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("needs a record");
  }

  @Test
  void shouldNotRegisterWhenTold() {
    AvroSerializer serializer = serializer(Map.of("auto.register.schemas", "false"));
    assertThatThrownBy(() -> serializer.serialize(TOPIC, order()))
        .isInstanceOfSatisfying(
            SchemaRegistryException.class, e -> assertThat(e.notFound()).isTrue());
    registry.register("orders-value", ORDER);
    assertThat(serializer.serialize(TOPIC, order())).hasSize(12);
  }

  @Test
  void shouldWriteWithTheNewestSchemaWhenTold() {
    registry.register("orders-value", ORDER);
    AvroSerializer serializer =
        serializer(Map.of("auto.register.schemas", false, "use.latest.version", true));
    assertThat(serializer.serialize(TOPIC, order()))
        .isEqualTo(HexFormat.of().parseHex("0000000001" + "2a" + "0a68656c6c6f"));
    registry.register(
        "orders-value",
        parse(
            "{\"name\":\"note\",\"type\":\"string\"},"
                + "{\"name\":\"paid\",\"type\":\"boolean\",\"default\":true},"
                + "{\"name\":\"id\",\"type\":\"long\"}"));
    assertThat(serializer.serialize(TOPIC, order()))
        .isEqualTo(HexFormat.of().parseHex("0000000002" + "0a68656c6c6f" + "01" + "2a"));
  }

  @Test
  void shouldRefuseWhenTheNewestSchemaCannotHoldTheValue() {
    registry.register("orders-value", parse("{\"name\":\"total\",\"type\":\"int\"}"));
    AvroSerializer serializer =
        serializer(Map.of("auto.register.schemas", false, "use.latest.version", true));
    assertThatThrownBy(() -> serializer.serialize(TOPIC, order()))
        .isInstanceOf(SerializationException.class)
        .hasMessageContainingAll("shop.Order", "version 1 of subject orders-value");
  }

  @Test
  void shouldBeMadeByKafkaWhenOnlyNamed() {
    Map<String, Object> config = new HashMap<>(Map.of("schema.registry.url", "http://127.0.0.1:1"));
    try (AvroSerializer serializer = Utils.newInstance(AvroSerializer.class);
        AvroDeserializer deserializer = Utils.newInstance(AvroDeserializer.class)) {
      assertThatThrownBy(() -> serializer.serialize(TOPIC, 1))
          .isInstanceOf(IllegalStateException.class);
      serializer.configure(config, false);
      deserializer.configure(config, false);
      assertThat(serializer.serialize(TOPIC, null)).isNull();
    }
    assertThatThrownBy(() -> new AvroSerializer().configure(Map.of(), false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url");
  }

  private static GenericRecord order() {
    return new GenericRecordBuilder(ORDER).set("id", 21).set("note", new Utf8("hello")).build();
  }

  private AvroSerializer serializer(Map<String, ?> config) {
    AvroSerializer serializer = new AvroSerializer(registry);
    serializer.configure(config, false);
    return serializer;
  }

  private AvroDeserializer deserializer(Map<String, ?> config) {
    AvroDeserializer deserializer = new AvroDeserializer(registry);
    deserializer.configure(config, false);
    return deserializer;
  }
}
