package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistryException;
import io.millrace.schemas.serde.AvroSerdes;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class CallDecoderTest {

  private static final String TOPIC = "attempts";

  private final AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
  private final CallDecoder decoder = new CallDecoder(serdes, TOPIC);

  @Test
  void shouldDecodeACall() {
    ProviderCall call = Calls.ok("p", "t", 1_000, 5);

    assertThat(decoder.decode(bytes(call))).isEqualTo(new CallDecoder.Call(call));
  }

  @Test
  void shouldRefuseBytesThatAreNoCall() {
    Alert alert = new Alert("i", "r", "s", AlertLevel.WARNING, "m", 1.0, 1.0, 1L, "text");
    byte[] otherType = serdes.forType(Alert.class).serializer().serialize("alerts", alert);
    byte[] cut = ByteBuffer.allocate(20).put(bytes(Calls.ok("p", "t", 1, 1)), 0, 20).array();

    assertThat(codeOf(otherType)).isEqualTo(ErrorCode.UNDECODABLE);
    assertThat(codeOf(cut)).isEqualTo(ErrorCode.UNDECODABLE);
    assertThat(codeOf(new byte[0])).isEqualTo(ErrorCode.UNDECODABLE);
    assertThat(codeOf(new byte[] {'{', '}', 1, 2, 3, 4})).isEqualTo(ErrorCode.UNDECODABLE);
  }

  @Test
  void shouldRefuseRandomBytes() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    byte[] good = bytes(Calls.ok("p", "t", 1, 1));
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[5 + random.nextInt(200)];
      random.nextBytes(noise);
      System.arraycopy(good, 0, noise, 0, 5);
      CallDecoder.Decoded decoded = decoder.decode(noise);
      assertThat(decoded).as("seed %d", seed).isNotNull();
    }
  }

  @Test
  void shouldNameASchemaThatNobodyKnows() {
    assertThat(codeOf(new byte[] {0, 0, 0, 3, 9, 1})).isEqualTo(ErrorCode.UNKNOWN_SCHEMA);
  }

  @Test
  void shouldNotBlameTheRecordWhenTheRegistryCannotBeReached() {
    CallDecoder cutOff = new CallDecoder(new AvroSerdes(new UnreachableRegistry()), TOPIC);

    assertThatThrownBy(() -> cutOff.decode(bytes(Calls.ok("p", "t", 1, 1))))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessage("no route");
  }

  private byte[] bytes(ProviderCall call) {
    return serdes.forType(ProviderCall.class).serializer().serialize(TOPIC, call);
  }

  private ErrorCode codeOf(byte[] value) {
    return ((CallDecoder.Undecodable) decoder.decode(value)).code();
  }

  private static final class UnreachableRegistry implements SchemaRegistry {
    @Override
    public int register(String subject, Schema schema) {
      throw unreachable();
    }

    @Override
    public int idOf(String subject, Schema schema) {
      throw unreachable();
    }

    @Override
    public Schema schemaOf(int id) {
      throw unreachable();
    }

    @Override
    public RegisteredSchema latest(String subject) {
      throw unreachable();
    }

    @Override
    public void close() {}

    private static SchemaRegistryException unreachable() {
      return new SchemaRegistryException("no route", SchemaRegistryException.UNREACHABLE);
    }
  }
}
