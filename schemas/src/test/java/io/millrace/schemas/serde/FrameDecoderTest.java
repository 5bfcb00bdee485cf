package io.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {

  private static final long SEED = 20_260_101;

  private static FrameDecoder of(String hex) {
    return new FrameDecoder(HexFormat.of().parseHex(hex), 0);
  }

  @Test
  void shouldReadWhatAvroWroteWhenPrimitive() throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    for (int round = 0; round < 2_000; round++) {
      List<Object> values = new ArrayList<>();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(out, null);
      FrameEncoder own = new FrameEncoder();
      own.begin();
      for (int i = 0; i < 10; i++) {
        Object value = randomValue(random);
        values.add(value);
        write(value, avro);
        write(value, own);
      }
      byte[] frame = own.frame(1);
      assertThat(frame).as("seed %d round %d", SEED, round).endsWith(out.toByteArray());
      FrameDecoder decoder = new FrameDecoder(frame, WireFormat.HEADER_BYTES);
      for (Object value : values) {
        assertThat(read(value, decoder)).as("seed %d round %d", SEED, round).isEqualTo(value);
      }
      assertThat(decoder.remainingBytes()).isZero();
    }
  }

  private static Object randomValue(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextBoolean();
      case 1 -> random.nextInt() >> random.nextInt(32);
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3 -> random.nextFloat();
      case 4 -> random.nextDouble();
      case 5 -> ByteBuffer.wrap(randomBytes(random));
      case 6 -> new Utf8("é".repeat(random.nextInt(3_000)));
      default -> "x€😀".repeat(random.nextInt(30));
    };
  }

  private static byte[] randomBytes(RandomGenerator random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void write(Object value, BinaryEncoder encoder) throws IOException {
    switch (value) {
      case Boolean flag -> encoder.writeBoolean(flag);
      case Integer number -> encoder.writeInt(number);
      case Long number -> encoder.writeLong(number);
      case Float number -> encoder.writeFloat(number);
      case Double number -> encoder.writeDouble(number);
      case ByteBuffer bytes -> encoder.writeBytes(bytes);
      case Utf8 text -> encoder.writeString(text);
      default -> encoder.writeString(value.toString());
    }
    encoder.flush();
  }

  private static Object read(Object like, FrameDecoder decoder) throws IOException {
    return switch (like) {
      case Boolean flag -> decoder.readBoolean();
      case Integer number -> decoder.readInt();
      case Long number -> decoder.readLong();
      case Float number -> decoder.readFloat();
      case Double number -> decoder.readDouble();
      case ByteBuffer bytes -> decoder.readBytes(ByteBuffer.allocate(0));
      case Utf8 text -> decoder.readString(new Utf8("before"));
      default -> decoder.readString();
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "8080808080", "ffffffffff01", "02", "feffffff0f", "01", "ff01"})
  void shouldRefuseWhenAStringIsCutOffOrImpossible(String hex) {
    assertThatThrownBy(() -> of(hex).readString()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> of(hex).skipString()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> of(hex).readBytes(ByteBuffer.allocate(0)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void shouldRefuseWhenANumberIsTooLong() {
    assertThatThrownBy(() -> of("808080808001").readInt()).hasMessageContaining("5 bytes");
    assertThatThrownBy(() -> of("8080808080808080808001").readLong())
        .hasMessageContaining("10 bytes");
    assertThatThrownBy(() -> of("000000").readFloat()).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> of("00000000000000").readDouble()).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> of("02").readBoolean()).hasMessageContaining("a boolean that is 2");
  }

  @Test
  void shouldRefuseWhenACollectionClaimsMoreThanItsBytes() {
    String twoBillion = "feffffff0f";
    assertThatThrownBy(() -> of(twoBillion).readArrayStart()).hasMessageContaining("more items");
    assertThatThrownBy(() -> of(twoBillion).readMapStart()).hasMessageContaining("more items");
    assertThatThrownBy(() -> of(twoBillion).skipArray()).hasMessageContaining("more items");
    assertThatThrownBy(() -> of("01" + "fe01").readArrayStart()).hasMessageContaining("cannot be");
    assertThatThrownBy(() -> of("ffffffffffffffffff01" + "00").readArrayStart())
        .hasMessageContaining("cannot be");
  }

  @Test
  void shouldBoundAllCollectionsTogetherWhenItemsTakeNoBytes() throws IOException {
    String block = "808008"; // 65,536 items
    FrameDecoder decoder = of(block + block + block);
    assertThat(decoder.readArrayStart()).isEqualTo(65_536);
    assertThatThrownBy(decoder::arrayNext).hasMessageContaining("more items");
  }

  @Test
  void shouldReadBlocksWithSizesWhenOthersWriteThem() throws IOException {
    Schema schema = new Schema.Parser().parse("{\"type\":\"array\",\"items\":\"int\"}");
    byte[] bytes = HexFormat.of().parseHex("03" + "04" + "0204" + "02" + "06" + "00");
    Object expected =
        new GenericDatumReader<>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    assertThat(expected).isEqualTo(List.of(1, 2, 3));
    FrameDecoder decoder = new FrameDecoder(bytes, 0);
    assertThat(new GenericDatumReader<>(schema, schema, new GenericData()).read(null, decoder))
        .isEqualTo(expected);
    FrameDecoder skipping = new FrameDecoder(bytes, 0);
    GenericDatumReader.skip(schema, skipping);
    assertThat(skipping.remainingBytes()).isZero();
  }
}
