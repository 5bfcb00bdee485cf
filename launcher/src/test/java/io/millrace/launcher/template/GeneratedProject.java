package io.millrace.launcher.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A project that was written, built and tested as Maven would, without Maven. */
final class GeneratedProject {

  private final Path folder;

  GeneratedProject(Path folder) {
    this.folder = folder;
  }

  /** Compiles everything and runs the tests. */
  TestExecutionSummary test() throws IOException, ClassNotFoundException {
    Path classes = Files.createDirectories(folder.resolve("target/all-classes"));
    compile(classes);
    URL[] path = {classes.toUri().toURL(), folder.resolve("src/main/resources").toUri().toURL()};
    try (URLClassLoader loader =
        new URLClassLoader(path, GeneratedProject.class.getClassLoader())) {
      // These tests run within a test, on a thread of its own that runs nothing beside it.
      LauncherDiscoveryRequestBuilder request =
          LauncherDiscoveryRequestBuilder.request()
              .configurationParameter("junit.jupiter.execution.parallel.enabled", "false");
      for (String test : testClasses()) {
        request.selectors(selectClass(Class.forName(test, true, loader)));
      }
      return run(request.build());
    }
  }

  private static TestExecutionSummary run(LauncherDiscoveryRequest request) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary();
  }

  private void compile(Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of(
                      "-d",
                      classes.toString(),
                      "-classpath",
                      System.getProperty("java.class.path"),
                      "-proc:none",
                      "-Xlint:all,-classfile,-path",
                      "-Werror"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources(folder.resolve("src"))))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }

  private List<String> testClasses() throws IOException {
    Path root = folder.resolve("src/test/java");
    return sources(root).stream()
        .map(file -> root.relativize(file).toString().replace('/', '.').replace('\\', '.'))
        .map(name -> name.substring(0, name.length() - ".java".length()))
        .toList();
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
