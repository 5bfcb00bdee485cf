package io.millrace.launcher.batch;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Draws a bar on one line, as wide as the terminal is at the moment. The library's own way to ask
 * for the width takes Ctrl-C away from the JVM, and with it the orderly stop; this one leaves all
 * signals alone.
 */
final class TerminalLine extends ConsoleProgressBarConsumer {

  /** Where a terminal does not say how wide it is. */
  private static final int DEFAULT_COLUMNS = 80;

  /** A character in the last column would begin a new line on some terminals. */
  private static final int RIGHT_MARGIN_COLUMNS = 1;

  private final Terminal terminal;

  private TerminalLine(PrintStream out, Terminal terminal) {
    super(out);
    this.terminal = terminal;
  }

  /** A line at the end of a stream, which is not closed. */
  static TerminalLine on(PrintStream out) {
    try {
      return new TerminalLine(
          out, TerminalBuilder.builder().system(true).dumb(true).nativeSignals(false).build());
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be asked for its width", e);
    }
  }

  @Override
  public int getMaxRenderedLength() {
    int columns = terminal.getWidth();
    return (columns > 0 ? columns : DEFAULT_COLUMNS) - RIGHT_MARGIN_COLUMNS;
  }

  @Override
  public void close() {
    super.close();
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be left alone", e);
    }
  }
}
