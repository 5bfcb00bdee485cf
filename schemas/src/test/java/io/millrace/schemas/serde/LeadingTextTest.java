package io.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ToolCall;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeadingTextTest {

  private final AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
  private final LeadingText types = serdes.leadingText("type", Set.of("wanted", "w".repeat(200)));

  @Test
  void shouldTellWhatIsWantedFromWhatIsNot() {
    assertThat(types.mayBe(event("wanted"))).isTrue();
    assertThat(types.mayBe(event("w".repeat(200)))).isTrue();
    assertThat(types.mayBe(event("request-accepted"))).isFalse();
    assertThat(types.mayBe(event(""))).isFalse();
    assertThat(types.mayBe(event("wante"))).isFalse();
    assertThat(types.mayBe(event("wantedd"))).isFalse();
    assertThat(types.mayBe(event("ŵanted"))).isFalse();
  }

  @Test
  void shouldHaveDecodedWhatBeginsOtherwise() {
    byte[] call =
        serdes
            .forType(ToolCall.class)
            .serializer()
            .serialize("calls", new ToolCall("c", "name", "{}"));

    assertThat(types.mayBe(call)).isTrue();
  }

  @Test
  void shouldHaveDecodedWhatIsNoFrameOrHasAnUnknownSchema() {
    byte[] unknown = event("other");
    unknown[1] = 99;

    assertThat(types.mayBe(unknown)).isTrue();
    assertThat(types.mayBe(new byte[0])).isTrue();
    assertThat(types.mayBe(new byte[] {0, 0, 0, 0, 1})).isTrue();
    assertThat(
            types.mayBe("{\"type\":\"wanted\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldNeverFailOrMissWhateverTheBytesAre(long seed) {
    Random random = new Random(seed);
    byte[] good = event("wanted");
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = Arrays.copyOf(good, 5 + random.nextInt(good.length));
      if (bytes.length > 5) {
        bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
      }
      boolean maybe = types.mayBe(bytes);
      boolean whole =
          bytes.length >= 12 && Arrays.equals(bytes, 0, 12, good, 0, 12); // length and text
      assertThat(maybe || !whole).as("seed %d", seed).isTrue();
    }
  }

  private byte[] event(String type) {
    return serdes
        .forType(PipelineEvent.class)
        .serializer()
        .serialize("events", new PipelineEvent(type, 1L, "home", "r", "t", 1, Map.of()));
  }
}
