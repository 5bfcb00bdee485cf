package io.millrace.plugins;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A folder of Java source: either files as they lie, or a Maven project, of which the main sources
 * and resources count. Jars in {@code lib} are its libraries.
 *
 * @param root the folder
 * @param sources Java files, by path
 * @param resources other files that classes may read, by path
 * @param resourceRoot what resource names are relative to
 * @param libraries jars
 */
record SourceFolder(
    Path root, List<Path> sources, List<Path> resources, Path resourceRoot, List<Path> libraries) {

  /** The most files of one plugin; more is hardly one. */
  private static final int MAX_FILES = 5_000;

  private static final Set<String> SKIPPED = Set.of("target", "build", "lib", "test");

  static SourceFolder scan(Path root) throws IOException {
    Path maven = root.resolve("src/main");
    boolean project = Files.isDirectory(maven.resolve("java"));
    Path sourceRoot = project ? maven.resolve("java") : root;
    Path resourceRoot = project ? maven.resolve("resources") : root;
    return new SourceFolder(
        root,
        files(sourceRoot).stream().filter(SourceFolder::isSource).toList(),
        files(resourceRoot).stream().filter(file -> !isSource(file)).toList(),
        resourceRoot,
        PluginFiles.jars(root.resolve("lib")));
  }

  /** Changes whenever a file, its name or the salt does. */
  String hash(String salt) throws IOException {
    MessageDigest digest = sha256();
    digest.update(salt.getBytes(StandardCharsets.UTF_8));
    for (List<Path> part : List.of(sources, resources, libraries)) {
      for (Path file : part) {
        byte[] content = Files.readAllBytes(file);
        digest.update(
            "\n%s %d\n"
                .formatted(root.relativize(file), content.length)
                .getBytes(StandardCharsets.UTF_8));
        digest.update(content);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static boolean isSource(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".java") && !name.equals("module-info.java");
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(folder, new Collector(folder, found));
    Collections.sort(found);
    return found;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static final class Collector extends SimpleFileVisitor<Path> {

    private final Path root;
    private final List<Path> found;

    Collector(Path root, List<Path> found) {
      this.root = root;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = String.valueOf(folder.getFileName());
      boolean skipped = name.startsWith(".") || SKIPPED.contains(name);
      return skipped && !folder.equals(root)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (found.size() == MAX_FILES) {
        throw new IOException("%s has more than %,d files".formatted(root, MAX_FILES));
      }
      found.add(file);
      return FileVisitResult.CONTINUE;
    }
  }
}
