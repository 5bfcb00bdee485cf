package io.millrace.stages.hooks.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateBytesTest {

  private static final int ROUNDS = 2_000;

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1",
    "63, 1, 1",
    "64, 1, 2",
    "127, 1, 2",
    "128, 2, 2",
    "-1, 10, 1",
    "-64, 10, 1",
    "-65, 10, 2",
    "9223372036854775807, 9, 10",
    "-9223372036854775808, 10, 10"
  })
  void shouldTakeFewBytesForSmallNumbers(long value, int plain, int signed) {
    byte[] asNumber = new StateWriter().number(value).toBytes();
    byte[] asSigned = new StateWriter().signed(value).toBytes();
    assertThat(asNumber).hasSize(plain);
    assertThat(asSigned).hasSize(signed);
    assertThat(new StateReader(asNumber).number()).isEqualTo(value);
    assertThat(new StateReader(asSigned).signed()).isEqualTo(value);
  }

  @Test
  void shouldReadWhatWasWritten() {
    StateWriter out = new StateWriter().text("ä€😀").nullable(null).nullable("").number(-5);
    out.list(List.of(1L, -2L), out::signed).map(Map.of("b", "2", "a", "1")).raw(new byte[] {7});
    StateReader in = new StateReader(out.toBytes());
    assertThat(in.text()).isEqualTo("ä€😀");
    assertThat(in.nullable()).isNull();
    assertThat(in.nullable()).isEmpty();
    assertThat(in.int32()).isEqualTo(-5);
    assertThat(in.list(in::signed)).containsExactly(1L, -2L);
    assertThat(in.map()).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(in.raw()).containsExactly(7);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 20_261_121})
  void shouldReadOrRefuseWhateverTheBytesAre(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<Long> numbers = new ArrayList<>();
      random.longs(random.nextInt(5)).forEach(numbers::add);
      numbers.replaceAll(number -> number >> random.nextInt(Long.SIZE));
      StateWriter out = new StateWriter();
      byte[] bytes = out.list(numbers, out::signed).text("end").toBytes();
      StateReader in = new StateReader(bytes);
      assertThat(in.list(in::signed)).as("seed %s", seed).isEqualTo(numbers);
      assertThat(in.text()).as("seed %s", seed).isEqualTo("end");
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      readOrRefuse(bytes, seed);
    }
  }

  @Test
  void shouldRefuseWhatEndsTooSoonOrNever() {
    byte[] endless = new byte[11];
    Arrays.fill(endless, (byte) 0x80);
    assertUnreadable(new byte[0], "the bytes end at 0");
    assertUnreadable(new byte[] {-1, -1}, "the bytes end at 2");
    assertUnreadable(endless, "a number has too many bytes at 10");
    assertThatThrownBy(() -> new StateReader(new byte[] {5, 'a'}).text())
        .isInstanceOf(StateReader.UnreadableException.class)
        .hasMessage("there are not 5 bytes at 1");
  }

  @Test
  void shouldNameTheVersionWhenItIsAnother() {
    byte[] newer = new StateWriter().number(300).toBytes();
    assertThatThrownBy(() -> new StateReader(newer).requireVersion("a budget", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the state of a budget has version 300; this Millrace reads version 1");
  }

  private static void readOrRefuse(byte[] bytes, long seed) {
    StateReader in = new StateReader(bytes);
    try {
      assertThat(in.list(in::signed)).hasSizeLessThanOrEqualTo(bytes.length);
      assertThat(in.text()).hasSizeLessThanOrEqualTo(bytes.length);
    } catch (StateReader.UnreadableException e) {
      assertThat(e).as("seed %s", seed).hasMessageContaining(" at ");
    }
  }

  private static void assertUnreadable(byte[] bytes, String message) {
    assertThatThrownBy(() -> new StateReader(bytes).number())
        .isInstanceOf(StateReader.UnreadableException.class)
        .hasMessage(message);
  }
}
