package io.millrace.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a plugin's class loader reads.
 *
 * @param path jars and folders of classes, the plugin's own first
 * @param compiled whether this process compiled it, so that it fits the interface by construction
 */
record PluginFiles(List<Path> path, boolean compiled) {

  PluginFiles {
    path = List.copyOf(path);
  }

  /** The jars in a folder, by name. */
  static List<Path> jars(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(PluginFiles::isJar).sorted().toList();
    }
  }

  static boolean isJar(Path file) {
    return file.toString().endsWith(".jar") && Files.isRegularFile(file);
  }
}
