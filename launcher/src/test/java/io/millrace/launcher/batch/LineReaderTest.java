package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  @Test
  void shouldNumberLinesAndLeaveOutBlankOnes() throws IOException {
    assertThat(read("a\n\n  \r\nb\r\n\nc", 100)).containsExactly("1 a", "4 b", "6 c");
  }

  @Test
  void shouldDropAByteOrderMarkWhenTheFirstLineHasOne() throws IOException {
    assertThat(read("\uFEFFa\n\uFEFFb", 100)).containsExactly("1 a", "2 \uFEFFb");
  }

  @Test
  void shouldKeepOnlyTheLengthWhenALineIsTooLong() throws IOException {
    assertThat(read("abcd\nabcde\r\nabcdef\nx", 5))
        .containsExactly("1 abcd", "2 abcde", "3 too long: 6", "4 x");
  }

  @Test
  void shouldSkipALineFarOverTheBound() throws IOException {
    String huge = "x".repeat(3_000_000);
    assertThat(read(huge + "\nend", 10)).containsExactly("1 too long: 3000000", "2 end");
  }

  @Test
  void shouldFindTheSameLinesHoweverTheStreamIsCut() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> expected = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 5_000; i++) {
      String line = "é".repeat(random.nextInt(300)) + i;
      expected.add(i + " " + line);
      text.append(line).append(random.nextBoolean() ? "\n" : "\r\n");
    }
    InputStream cut =
        new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)) {
          @Override
          public int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(2_000)));
          }
        };
    assertThat(read(cut, 1_000)).as("seed %d", seed).isEqualTo(expected);
  }

  private static List<String> read(String text, int bound) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), bound);
  }

  private static List<String> read(InputStream in, int bound) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LineReader reader = new LineReader(in, bound)) {
      for (RawLine line = reader.next(); line != null; line = reader.next()) {
        lines.add(
            line.number()
                + " "
                + (line.tooLong()
                    ? "too long: " + line.length()
                    : new String(line.bytes(), StandardCharsets.UTF_8)));
      }
    }
    return lines;
  }
}
