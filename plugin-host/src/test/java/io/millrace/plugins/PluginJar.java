package io.millrace.plugins;

import io.millrace.plugin.hook.HookFactory;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Builds jars of plugins and libraries from source. Used by one thread. */
final class PluginJar {

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<Path> libraries = new ArrayList<>();
  private @Nullable String apiVersion = "1.0";

  /** A class by its full name. */
  PluginJar source(String className, String text) {
    sources.put(className, text);
    return this;
  }

  PluginJar service(Class<?> type, String... factories) {
    files.put("META-INF/services/" + type.getName(), String.join("\n", factories));
    return this;
  }

  PluginJar library(Path jar) {
    libraries.add(jar);
    return this;
  }

  PluginJar apiVersion(@Nullable String version) {
    apiVersion = version;
    return this;
  }

  /** A jar with one hook that answers with a text. */
  static PluginJar hook(String name, String className, String expression) {
    return new PluginJar()
        .source(className, hookSource(name, className, expression))
        .service(HookFactory.class, className);
  }

  /** A factory whose hook answers every request with the value of an expression. */
  static String hookSource(String name, String className, String expression) {
    int dot = className.lastIndexOf('.');
    return """
    package %s;
    import io.millrace.plugin.hook.*;
    import io.millrace.plugin.model.*;
    import java.util.Map;
    public final class %s implements HookFactory {
      public HookDescriptor descriptor() {
        return HookDescriptor.of("%s", "A test.").build();
      }
      public Hook create(Map<String, Object> config, HookEnvironment environment) {
        return new Hook() {
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            return PreHookResult.respond(
                Completion.ofText("id", "m", 0, String.valueOf(%s), Usage.of(1, 1)));
          }
        };
      }
    }
    """
        .formatted(className.substring(0, dot), className.substring(dot + 1), name, expression);
  }

  Path build(Path jar) throws IOException {
    Path work = Files.createTempDirectory("plugin-jar-");
    try {
      compile(work);
      write(jar, work.resolve("classes"));
      return jar;
    } finally {
      FileTree.delete(work);
    }
  }

  private void compile(Path work) throws IOException {
    Path classes = Files.createDirectories(work.resolve("classes"));
    List<Path> written = new ArrayList<>();
    for (var source : sources.entrySet()) {
      Path file = work.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      written.add(Files.writeString(file, source.getValue()));
    }
    if (written.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      boolean done =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  List.of("-d", classes.toString(), "-classpath", classPath(), "-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(written))
              .call();
      if (!done) {
        throw new IOException(messages.toString());
      }
    }
  }

  private String classPath() {
    List<String> path = new ArrayList<>();
    path.add(apiLocation().toString());
    libraries.forEach(library -> path.add(library.toString()));
    return String.join(File.pathSeparator, path);
  }

  private static Path apiLocation() {
    try {
      return Path.of(HookFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(Path jar, Path classes) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "7.8.9");
    if (apiVersion != null) {
      manifest.getMainAttributes().putValue("Millrace-Api-Version", apiVersion);
    }
    Files.createDirectories(jar.toAbsolutePath().getParent());
    List<Path> compiled;
    try (Stream<Path> walk = Files.walk(classes)) {
      compiled = walk.filter(Files::isRegularFile).sorted().toList();
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream target = new JarOutputStream(out, manifest)) {
      for (Path file : compiled) {
        target.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        target.write(Files.readAllBytes(file));
        target.closeEntry();
      }
      for (var file : files.entrySet()) {
        target.putNextEntry(new JarEntry(file.getKey()));
        target.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        target.closeEntry();
      }
    }
  }
}
