package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {

  @Test
  void shouldReplaceWhatATerminalObeys() {
    assertThat(PlainText.of("a\u001b[2Jb\u009bc\u007f\r\nd")).isEqualTo("a?[2Jb?c???d");
    assertThat(PlainText.of("plain, ü and \ud83d\ude00")).isEqualTo("plain, ü and \ud83d\ude00");
    assertThat(PlainText.of("\ud83d\ude00\u0000")).isEqualTo("\ud83d\ude00?");
  }
}
