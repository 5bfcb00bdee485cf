package io.millrace.plugins;

import io.millrace.plugin.ApiVersion;
import io.millrace.plugin.hook.HookFactory;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Compiles folders of Java source against the plugin interface. What was compiled is kept under the
 * hash of its sources, so an unchanged plugin starts without a compiler.
 */
final class SourceCompiler {

  /** The most errors that one message lists. */
  private static final int MAX_ERRORS = 20;

  private final Path cache;
  private final Supplier<@Nullable JavaCompiler> compilers;

  SourceCompiler(Path cache) {
    this(cache, ToolProvider::getSystemJavaCompiler);
  }

  /** With compilers of a test's choice. */
  SourceCompiler(Path cache, Supplier<@Nullable JavaCompiler> compilers) {
    this.cache = cache;
    this.compilers = compilers;
  }

  /**
   * Compiles a folder, unless that was done before.
   *
   * @throws PluginException with every compile error: file, line and message
   */
  PluginFiles compile(Path root) throws IOException {
    SourceFolder folder = SourceFolder.scan(root);
    if (folder.sources().isEmpty()) {
      throw new PluginException(
          "%s has neither jars nor Java source: expected one or the other in it".formatted(root));
    }
    Path target =
        cache.resolve(folder.hash(ApiVersion.CURRENT + " " + Runtime.version().feature()));
    if (!Files.isDirectory(target)) {
      Files.createDirectories(cache);
      Path fresh = Files.createTempDirectory(cache, "compiling-");
      try {
        compile(folder, fresh);
        copyResources(folder, fresh);
        publish(fresh, target);
      } finally {
        FileTree.delete(fresh);
      }
    }
    List<Path> path = new ArrayList<>(List.of(target));
    path.addAll(folder.libraries());
    return new PluginFiles(path, true);
  }

  private void compile(SourceFolder folder, Path target) throws IOException {
    JavaCompiler compiler = compilers.get();
    if (compiler == null) {
      throw new PluginException(
          "%s is Java source, and this Java (%s) has no compiler: run Millrace on a JDK instead of a"
                  .formatted(folder.root(), System.getProperty("java.home"))
              + " JRE, or build the plugin as a jar");
    }
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  diagnostics,
                  options(folder, target),
                  null,
                  files.getJavaFileObjectsFromPaths(folder.sources()))
              .call();
      if (!compiled) {
        throw new PluginException(describe(folder.root(), diagnostics.getDiagnostics()));
      }
    }
  }

  private static List<String> options(SourceFolder folder, Path target) {
    String classPath =
        Stream.concat(
                Stream.of(apiLocation(HookFactory.class), apiLocation(Nullable.class)),
                folder.libraries().stream())
            .map(Path::toString)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        "-d",
        target.toString(),
        "-classpath",
        classPath,
        "-proc:none",
        "-parameters",
        "-g",
        "-encoding",
        "UTF-8",
        "-Xlint:none");
  }

  private static Path apiLocation(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no path to " + type, e);
    }
  }

  private static String describe(
      Path root, List<Diagnostic<? extends JavaFileObject>> diagnostics) {
    List<String> errors =
        diagnostics.stream()
            .filter(found -> found.getKind() == Diagnostic.Kind.ERROR)
            .map(found -> describe(root, found))
            .toList();
    String lines =
        errors.stream()
            .limit(MAX_ERRORS)
            .map(line -> "\n    " + line)
            .collect(Collectors.joining());
    return "%s does not compile, %d error%s:%s"
        .formatted(root, errors.size(), errors.size() == 1 ? "" : "s", lines);
  }

  private static String describe(Path root, Diagnostic<? extends JavaFileObject> found) {
    String message =
        found.getMessage(Locale.ROOT).lines().map(String::strip).collect(Collectors.joining("; "));
    JavaFileObject source = found.getSource();
    if (source == null) {
      return message;
    }
    Path file = Path.of(source.toUri());
    Path shown =
        file.startsWith(root.toAbsolutePath()) ? root.toAbsolutePath().relativize(file) : file;
    return "%s:%d: %s".formatted(shown, found.getLineNumber(), message);
  }

  private static void copyResources(SourceFolder folder, Path target) throws IOException {
    for (Path resource : folder.resources()) {
      Path copy = target.resolve(folder.resourceRoot().relativize(resource).toString());
      Files.createDirectories(Objects.requireNonNull(copy.getParent()));
      Files.copy(resource, copy);
    }
  }

  /** Another process may have compiled the same sources meanwhile: then its classes are as good. */
  private static void publish(Path fresh, Path target) throws IOException {
    try {
      Files.move(fresh, target);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
  }
}
