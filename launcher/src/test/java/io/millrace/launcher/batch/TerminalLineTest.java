package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.launcher.program.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** In a real terminal, which {@code script} of util-linux makes. */
class TerminalLineTest {

  private static final Path SCRIPT = Path.of("/usr/bin/script");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int INTERRUPT_BIT = 1;
  private static final int PATIENCE_SECONDS = 60;

  @Test
  void shouldLeaveCtrlCToTheProgramWhenABarIsDrawn() throws Exception {
    assumeThat(SCRIPT).isExecutable();
    assumeThat(ignoresInterrupts()).isFalse();
    List<String> command = Program.command();
    command.set(command.size() - 1, Drawing.class.getName());
    Process terminal =
        new ProcessBuilder(SCRIPT.toString(), "-qec", quoted(command), "/dev/null")
            .redirectErrorStream(true)
            .start();
    terminal.getOutputStream().close();
    String shown = new String(terminal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(terminal.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(shown).contains("drawing ", "stopped in order");
  }

  private static String quoted(List<String> command) {
    return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  /** As a test does that a shell runs in the background; its children do so, too. */
  private static boolean ignoresInterrupts() throws IOException {
    assumeThat(STATUS).exists();
    String ignored =
        Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    String mask = ignored.substring(ignored.indexOf(':') + 1).strip();
    return (Long.parseUnsignedLong(mask, 16) & (1L << INTERRUPT_BIT)) != 0;
  }

  /** Draws a bar, and presses Ctrl-C once it is there. */
  static final class Drawing {

    private Drawing() {}

    public static void main(String[] args) throws Exception {
      CountDownLatch drawn = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> System.out.println("stopped in order")));
      PrintStream out = new PrintStream(watched(drawn), true, StandardCharsets.UTF_8);
      new BarProgress("drawing", 10L, out, System::nanoTime).update(new Tally());
      drawn.await();
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-INT", self).start().waitFor();
      // Whoever is not stopped ends here, without a word.
      boolean counted = new CountDownLatch(1).await(PATIENCE_SECONDS / 2, TimeUnit.SECONDS);
      Runtime.getRuntime().halt(counted ? 0 : 1);
    }

    private static OutputStream watched(CountDownLatch written) {
      return new OutputStream() {
        @Override
        public void write(int one) {
          System.err.write(one);
          System.err.flush();
          written.countDown();
        }
      };
    }
  }
}
