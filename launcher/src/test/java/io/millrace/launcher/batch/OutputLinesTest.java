package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputLinesTest {

  private static final String FOX = "\uD83E\uDD8A";

  @Test
  void shouldKeepEmojiReadable() {
    InputLine.Bad bad = new InputLine.Bad(1, "gr\u00fc\u00dfe " + FOX, "invalid_url", FOX);
    String line = new String(new OutputLines().bad("b", bad), StandardCharsets.UTF_8);
    assertThat(line).contains("\"gr\u00fc\u00dfe " + FOX + "\"").doesNotContain("\\u");
  }
}
