package io.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.ToolCall;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistryException;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class AvroSerdesTest {

  private static final String TOPIC = "calls";

  /** Magic, schema id 1, then three strings: length zig-zag, bytes. Written by hand. */
  private static final byte[] FRAME =
      HexFormat.of().parseHex("00" + "00000001" + "0263" + "086e616d65" + "047b7d");

  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final Serde<ToolCall> serde = new AvroSerdes(registry).forType(ToolCall.class);

  @Test
  void shouldWriteTheExactFrameWhenEncoding() {
    assertThat(encode(call())).isEqualTo(FRAME);
    assertThat(registry.latest("calls-value").id()).isEqualTo(1);
  }

  @Test
  void shouldReadTheExactFrameWhenDecoding() {
    registry.register("calls-value", ToolCall.getClassSchema());
    ToolCall decoded = decode(FRAME);
    assertThat(decoded).isEqualTo(call());
    assertThat(decoded.getName()).isInstanceOf(String.class);
  }

  @Test
  void shouldWriteTheIdBigEndianWhenItHasFourBytes() {
    byte[] frame = new byte[WireFormat.HEADER_BYTES];
    WireFormat.putHeader(frame, 0x81020304);
    assertThat(frame).containsExactly(0, 0x81, 2, 3, 4);
    assertThat(WireFormat.idOf(frame)).isEqualTo(0x81020304);
  }

  @Test
  void shouldKeepNullWhenTombstone() {
    assertThat(serde.serializer().serialize(TOPIC, null)).isNull();
    assertThat(serde.deserializer().deserialize(TOPIC, null)).isNull();
  }

  @Test
  void shouldResolveToTheReaderWhenTheWriterDiffers() {
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"ToolCall","namespace":"io.millrace.schemas.avro","fields":[
                  {"name":"arguments","type":"string"},
                  {"name":"gone","type":["null","long"]},
                  {"name":"name","type":"string"},
                  {"name":"id","type":"string"}]}\
                """);
    registry.register("calls-value", older);
    byte[] frame =
        HexFormat.of().parseHex("0000000001" + "047b7d" + "02ac02" + "086e616d65" + "0263");
    assertThat(decode(frame)).isEqualTo(call());
  }

  @Test
  void shouldSayUndecodableWhenTheFrameIsWrong() {
    encode(call());
    assertUndecodable("", "0 bytes");
    assertUndecodable("00000000", "4 bytes");
    assertUndecodable("7b22", "2 bytes");
    assertUndecodable("0100000001" + "0263", "begins with byte 1");
    assertUndecodable("0000000001", "schema id 1");
    assertUndecodable("0000000001" + "0263086e616d65047b", "schema id 1");
    assertUndecodable("0000000001" + "0263086e616d65047b7d00", "1 bytes follow it");
    assertUndecodable("0000000001" + "feffffff0f", "more bytes where 0 are left");
    assertUndecodable("0000000001" + "01", "negative length");
  }

  private void assertUndecodable(String hex, String why) {
    assertThatThrownBy(() -> decode(HexFormat.of().parseHex(hex)))
        .isInstanceOfSatisfying(
            UndecodableValueException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDECODABLE))
        .hasMessageContaining(why);
  }

  @Test
  void shouldSayUnknownSchemaWhenTheRegistryHasNone() {
    assertThatThrownBy(() -> decode(FRAME))
        .isInstanceOfSatisfying(
            UndecodableValueException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SCHEMA))
        .hasMessageContainingAll("topic calls", "schema id 1");
  }

  @Test
  void shouldPassTheOutageOnWhenTheRegistryIsAway() {
    Serde<ToolCall> cutOff = new AvroSerdes(new Unreachable()).forType(ToolCall.class);
    assertThatThrownBy(() -> cutOff.deserializer().deserialize(TOPIC, FRAME))
        .isInstanceOfSatisfying(
            SchemaRegistryException.class, e -> assertThat(e.retriable()).isTrue());
  }

  private static ToolCall call() {
    return new ToolCall("c", "name", "{}");
  }

  private byte[] encode(ToolCall call) {
    return serde.serializer().serialize(TOPIC, call);
  }

  private ToolCall decode(byte[] frame) {
    return serde.deserializer().deserialize(TOPIC, frame);
  }

  /** A registry behind a cut cable. */
  private static final class Unreachable implements SchemaRegistry {

    private static SchemaRegistryException away() {
      return new SchemaRegistryException("cut off", SchemaRegistryException.UNREACHABLE);
    }

    @Override
    public int register(String subject, Schema schema) {
      throw away();
    }

    @Override
    public int idOf(String subject, Schema schema) {
      throw away();
    }

    @Override
    public Schema schemaOf(int id) {
      throw away();
    }

    @Override
    public RegisteredSchema latest(String subject) {
      throw away();
    }

    @Override
    public void close() {}
  }
}
