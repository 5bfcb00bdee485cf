package io.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Millrace;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes: a value, or an {@link UndecodableValueException}, and little memory. */
class GarbageTest {

  private static final long SEED = 4_711;
  private static final int ROUNDS = 300;
  private static final int MUTANTS = 20;
  private static final long MAX_BYTES_PER_DECODE = 16L << 20;

  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  static java.util.stream.Stream<Schema> records() {
    return Millrace.PROTOCOL.getTypes().stream()
        .filter(type -> type.getType() == Schema.Type.RECORD);
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldReadEveryRecordBackAndSurviveWhenMutated(Schema schema) throws Exception {
    Serde<SpecificRecord> serde = serdeOf(schema);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] frame = frameOf(schema);
      SpecificRecord value = decode(serde, frame);
      assertThat(serde.serializer().serialize("t", value))
          .as("seed %d round %d", SEED, round)
          .satisfiesAnyOf(
              same -> assertThat(same).isEqualTo(frame),
              mapsInAnotherOrder -> assertThat(decode(serde, mapsInAnotherOrder)).isEqualTo(value));
      for (int mutant = 0; mutant < MUTANTS; mutant++) {
        refused += survives(serde, mutated(frame), round) ? 0 : 1;
      }
    }
    assertThat(refused).as("mutants that were found out").isPositive();
  }

  private boolean survives(Serde<SpecificRecord> serde, byte[] garbage, int round) {
    long before = allocated();
    try {
      decode(serde, garbage);
      return true;
    } catch (UndecodableValueException e) {
      return false;
    } catch (Throwable e) {
      return fail("seed %d round %d: %s".formatted(SEED, round, Arrays.toString(garbage)), e);
    } finally {
      assertThat(allocated() - before).isLessThan(MAX_BYTES_PER_DECODE);
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private byte[] mutated(byte[] frame) {
    byte[] mutant = frame.clone();
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(mutant, random.nextInt(mutant.length));
      case 1 -> Arrays.copyOf(mutant, mutant.length + 1 + random.nextInt(20));
      case 2 -> {
        byte[] noise = new byte[1 + random.nextInt(12)];
        random.nextBytes(noise);
        int at = random.nextInt(mutant.length);
        System.arraycopy(noise, 0, mutant, at, Math.min(noise.length, mutant.length - at));
        yield mutant;
      }
      default -> {
        mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
        yield mutant;
      }
    };
  }

  private byte[] frameOf(Schema schema) throws Exception {
    int id = registry.register("t-value", schema);
    FrameEncoder encoder = new FrameEncoder();
    encoder.begin();
    new GenericDatumWriter<>(schema).write(new RandomValues(random).of(schema), encoder);
    byte[] frame = encoder.frame(id);
    return frame;
  }

  private static SpecificRecord decode(Serde<SpecificRecord> serde, byte[] frame) {
    return serde.deserializer().deserialize("t", frame);
  }

  @SuppressWarnings("unchecked")
  private Serde<SpecificRecord> serdeOf(Schema schema) throws ClassNotFoundException {
    Class<?> type = Class.forName(schema.getFullName());
    return new AvroSerdes(registry).forType((Class<SpecificRecord>) type);
  }

  @Test
  void shouldRefuseWhenNestedTooDeeply() {
    Schema list =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"L\",\"fields\":["
                    + "{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}");
    byte[] deep = new byte[5_000_000];
    Arrays.fill(deep, (byte) 2);
    assertUndecodable(list, deep, "nested too deeply");
  }

  @Test
  void shouldRefuseWhenEmptyItemsAreManyAndTheReaderDoesNotWantThem() {
    Schema writer =
        SchemaBuilder.record("W")
            .fields()
            .name("nulls")
            .type()
            .array()
            .items()
            .nullType()
            .noDefault()
            .endRecord();
    byte[] blocks = new byte[50_000];
    for (int i = 0; i + 5 <= blocks.length; i += 5) {
      System.arraycopy(new byte[] {-2, -1, -1, -1, 15}, 0, blocks, i, 5);
    }
    assertUndecodable(writer, blocks, "more items");
  }

  private void assertUndecodable(Schema writer, byte[] body, String why) {
    int id = registry.register("t-value", writer);
    byte[] frame = new byte[WireFormat.HEADER_BYTES + body.length];
    WireFormat.putHeader(frame, id);
    System.arraycopy(body, 0, frame, WireFormat.HEADER_BYTES, body.length);
    AvroDeserializer generic = new AvroDeserializer(registry);
    generic.configure(Map.of(), false);
    assertThatThrownBy(() -> generic.deserialize("t", frame))
        .isInstanceOfSatisfying(
            UndecodableValueException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDECODABLE))
        .hasMessageContaining(why);
    Schema other =
        SchemaBuilder.record(Objects.requireNonNull(writer.getName())).fields().endRecord();
    RecordDecoder skipping =
        new RecordDecoder(registry, new org.apache.avro.generic.GenericData(), any -> other);
    assertThatThrownBy(() -> skipping.decode("t", frame))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining(why);
  }
}
