package io.millrace.launcher.batch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the lines come from.
 *
 * @param file null for standard input
 */
record BatchInput(@Nullable Path file) {

  private static final String STANDARD_INPUT = "-";

  /**
   * The input that an argument names.
   *
   * @throws BatchException when there is no such file, or it cannot be read
   */
  static BatchInput of(String argument) {
    if (argument.equals(STANDARD_INPUT)) {
      return new BatchInput(null);
    }
    Path file = Path.of(argument);
    if (!Files.exists(file)) {
      throw BatchException.usage(
          "there is no file " + file + "; name a file of prompts, or - for standard input");
    }
    if (Files.isDirectory(file) || !Files.isReadable(file)) {
      throw BatchException.usage(
          "cannot read " + file + "; name a file of prompts that you may read");
    }
    return new BatchInput(file);
  }

  /** What a batch from here is called unless it is given a name. */
  String defaultName() {
    return file == null ? "stdin" : RequestIds.nameOf(file.getFileName().toString());
  }

  /** How many lines there are; reads the file through. Null for what can be read only once. */
  @Nullable Long countLines(int maxLineBytes) throws IOException {
    if (file == null || !Files.isRegularFile(file)) {
      return null;
    }
    long lines = 0;
    try (LineReader reader = new LineReader(open(), maxLineBytes)) {
      while (reader.next() != null) {
        lines++;
      }
    }
    return lines;
  }

  /** The lines. Closing them leaves standard input open: a thread may be waiting for it. */
  InputStream open() throws IOException {
    return file == null ? new StandardInput() : Files.newInputStream(file);
  }

  private static final class StandardInput extends FilterInputStream {
    StandardInput() {
      super(System.in);
    }

    @Override
    public void close() {}
  }
}
