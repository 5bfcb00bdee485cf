package io.millrace.launcher.batch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the lines come from.
 *
 * @param file empty for standard input
 */
record BatchInput(Optional<Path> file) {

  private static final String STANDARD_INPUT = "-";

  /**
   * The input that an argument names.
   *
   * @throws BatchException when there is no such file, or it cannot be read
   */
  static BatchInput of(String argument) {
    if (argument.equals(STANDARD_INPUT)) {
      return new BatchInput(Optional.empty());
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
    return new BatchInput(Optional.of(file));
  }

  /** What a batch from here is called unless it is given a name. */
  String defaultName() {
    return file.map(path -> RequestIds.nameOf(path.getFileName().toString())).orElse("stdin");
  }

  /** How many lines there are; reads the file through. Empty for what can be read only once. */
  OptionalLong countLines(int maxLineBytes) throws IOException {
    if (file.isEmpty() || !Files.isRegularFile(file.get())) {
      return OptionalLong.empty();
    }
    long lines = 0;
    try (LineReader reader = new LineReader(open(), maxLineBytes)) {
      while (reader.next() != null) {
        lines++;
      }
    }
    return OptionalLong.of(lines);
  }

  /** The lines. Closing them leaves standard input open: a thread may be waiting for it. */
  InputStream open() throws IOException {
    return file.isPresent() ? Files.newInputStream(file.get()) : new StandardInput();
  }

  private static final class StandardInput extends FilterInputStream {
    StandardInput() {
      super(System.in);
    }

    @Override
    public void close() {}
  }
}
