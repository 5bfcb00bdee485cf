package io.millrace.launcher.style;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Main;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Java sources are formatted by google-java-format. With {@code -Dmillrace.format=write} this test
 * formats them instead of complaining.
 */
class SourceFormatTest {

  private static final boolean WRITE = "write".equals(System.getProperty("millrace.format"));

  @Test
  void shouldBeFormattedWhenJava() throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(WRITE ? List.of("--replace") : List.of("--dry-run"));
    Sources.endingWith(".java").stream().map(Path::toString).forEach(arguments::add);
    assertThat(arguments).hasSizeGreaterThan(100);
    StringWriter unformatted = new StringWriter();
    StringWriter errors = new StringWriter();
    new Main(new PrintWriter(unformatted), new PrintWriter(errors), InputStream.nullInputStream())
        .format(arguments.toArray(String[]::new));
    assertThat(errors.toString()).isEmpty();
    assertThat(unformatted.toString())
        .describedAs("files to format; run again with -Dmillrace.format=write")
        .isEmpty();
  }
}
