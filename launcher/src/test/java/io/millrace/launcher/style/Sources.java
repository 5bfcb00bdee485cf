package io.millrace.launcher.style;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the repository that this build is part of. */
final class Sources {

  /** Maven runs tests in the module's folder, one below the repository's. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> GENERATED_OR_FOREIGN = List.of("target", ".git", ".millrace");

  private Sources() {}

  /** Every file whose name ends so, build results excluded. */
  static List<Path> endingWith(String suffix) {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .filter(Sources::isOurs)
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Java files of the product itself. */
  static List<Path> ofProduct() {
    return endingWith(".java").stream()
        .filter(
            file ->
                file.toString().contains("src/main/java".replace('/', java.io.File.separatorChar)))
        .toList();
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How failures name a file. */
  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  private static boolean isOurs(Path file) {
    for (Path part : ROOT.relativize(file)) {
      if (GENERATED_OR_FOREIGN.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }
}
