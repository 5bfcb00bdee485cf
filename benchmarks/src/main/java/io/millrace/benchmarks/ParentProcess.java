package io.millrace.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The process that started this one. */
final class ParentProcess {

  static final String READY = "READY";

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private ParentProcess() {}

  /** Tells it something: a word it waits for, and what goes with it. */
  static void tell(String word, String text) {
    OUT.println(word + " " + text);
  }

  /** Waits until it wants this process to end, or is gone. */
  static void awaitEnd() throws IOException {
    while (System.in.read() >= 0) {
      // Whatever it says means nothing; the end of the stream does.
    }
  }
}
