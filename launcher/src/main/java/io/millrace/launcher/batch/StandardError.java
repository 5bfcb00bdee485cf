package io.millrace.launcher.batch;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/** Tells whether somebody watches. */
final class StandardError {

  private StandardError() {}

  /** Whether standard error is a terminal; false where that cannot be found out. */
  static boolean isTerminal() {
    try {
      // The platform's console only tells of standard input and output.
      Process test =
          new ProcessBuilder("test", "-t", "2")
              .redirectInput(Redirect.INHERIT)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.INHERIT)
              .start();
      return test.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
