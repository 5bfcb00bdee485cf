package io.millrace.schemas.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoryMarkTest {

  @Test
  void shouldReadWhatItWroteAndNeverGoBack() {
    HistoryMark mark = HistoryMark.NONE.with("e3", 1523).with("a0", 88).with("e3", 7);
    assertThat(mark).hasToString("a0:88,e3:1523");
    HistoryMark read = HistoryMark.parse(mark.toString());
    assertThat(read.offsetOf("e3")).hasValue(1523);
    assertThat(read.offsetOf("a0")).hasValue(88);
    assertThat(read.offsetOf("a1")).isEmpty();
    assertThat(HistoryMark.NONE).hasToString("");
  }

  @Test
  void shouldTakeWhatIsNoMarkForNothingRead() {
    for (String text :
        new String[] {
          "",
          ",",
          "e3",
          "e3:",
          "e3:-1",
          "e3:1,",
          "E3:1",
          "e3:9999999999999999999",
          "17",
          "e:1",
          "e3:1,".repeat(600)
        }) {
      assertThat(HistoryMark.parse(text)).as(text).hasToString("");
    }
  }

  @Test
  void shouldNeverThrowWhateverIsSent() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String signs = "eac0123456789:,-x \u00e9";
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(signs.charAt(random.nextInt(signs.length())));
      }
      HistoryMark mark = HistoryMark.parse(text.toString());
      assertThat(HistoryMark.parse(mark.toString())).as("seed %d", seed).hasToString("" + mark);
    }
  }
}
