package io.millrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A temporary folder that goes with everything in it. */
record WorkFolder(Path path) implements AutoCloseable {

  static WorkFolder create(String scenario) throws IOException {
    return new WorkFolder(Files.createTempDirectory("millrace-" + scenario + "-"));
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (var files = Files.walk(path)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }
}
