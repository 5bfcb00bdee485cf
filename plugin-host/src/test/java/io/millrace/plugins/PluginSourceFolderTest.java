package io.millrace.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins as folders of Java source. */
class PluginSourceFolderTest {

  @TempDir private Path folder;

  @Test
  void shouldCompileAFolderAndFindItsFactory() throws IOException {
    write("p/Hello.java", PluginJar.hookSource("hello", "p.Hello", "Greeting.TEXT"));
    write("p/Greeting.java", "package p; class Greeting { static final String TEXT = \"hi\"; }");
    assertThat(answer()).isEqualTo("hi");
  }

  @Test
  void shouldCompileAMavenProjectWithoutItsTests() throws IOException {
    write(
        "src/main/java/p/Hello.java", PluginJar.hookSource("hello", "p.Hello", resource("a.txt")));
    write("src/main/resources/a.txt", "from a resource");
    write("src/test/java/p/HelloTest.java", "this is no Java");
    assertThat(answer()).isEqualTo("from a resource");
  }

  @Test
  void shouldGoByTheServiceFileWhenThereIsOne() throws IOException {
    write("p/One.java", PluginJar.hookSource("one", "p.One", "1"));
    write("p/Two.java", PluginJar.hookSource("two", "p.Two", "2"));
    assertThat(refusal()).contains("must have one public factory class", "found [p.One, p.Two]");
    write("META-INF/services/io.millrace.plugin.hook.HookFactory", "p.Two");
    assertThat(answer()).isEqualTo("2");
  }

  @Test
  void shouldUseTheJarsInLib() throws IOException {
    new PluginJar()
        .source("lib.Word", "package lib; public class Word { public static String W = \"w\"; }")
        .build(folder.resolve("source/lib/word.jar"));
    write("p/Hello.java", PluginJar.hookSource("hello", "p.Hello", "lib.Word.W"));
    assertThat(answer()).isEqualTo("w");
  }

  @Test
  void shouldSayFileAndLineOfEveryCompileError() throws IOException {
    write("p/Broken.java", "package p;\nclass Broken {\n  int x = \"text\";\n  Missing y;\n}\n");
    assertThat(refusal())
        .contains(
            "does not compile, 2 errors:",
            Path.of("p/Broken.java") + ":3: incompatible types",
            Path.of("p/Broken.java") + ":4: cannot find symbol");
  }

  @Test
  void shouldSayWhatIsMissingWhenThereIsNothingToLoad() throws IOException {
    write("readme.txt", "nothing");
    assertThat(refusal()).contains("has neither jars nor Java source");
    write("p/Plain.java", "package p; public class Plain {}");
    assertThat(refusal()).contains("must have one public factory class", "found none");
  }

  @Test
  void shouldCompileOnceUntilSomethingChanges() throws IOException {
    write("p/Hello.java", PluginJar.hookSource("hello", "p.Hello", "1"));
    SourceCompiler compiler = new SourceCompiler(folder.resolve("cache"));
    PluginFiles first = compiler.compile(source());
    SourceCompiler none = new SourceCompiler(folder.resolve("cache"), () -> null);
    assertThat(none.compile(source())).isEqualTo(first);
    write("p/Hello.java", PluginJar.hookSource("hello", "p.Hello", "2"));
    assertThatThrownBy(() -> none.compile(source()))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("has no compiler: run Millrace on a JDK")
        .hasMessageContaining(System.getProperty("java.home"));
    assertThat(compiler.compile(source())).isNotEqualTo(first);
    try (Stream<Path> kept = Files.list(folder.resolve("cache"))) {
      assertThat(kept).hasSize(2);
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenItDoesNotCompile() throws IOException {
    write("p/Broken.java", "nonsense");
    assertThat(refusal()).contains("does not compile");
    try (Stream<Path> kept = Files.list(PluginHostConfig.in(folder).compiled())) {
      assertThat(kept).isEmpty();
    }
  }

  private static String resource(String name) {
    return """
    new String(new java.util.Scanner(getClass().getResourceAsStream("/%s")).nextLine())\
    """
        .formatted(name);
  }

  private Path source() {
    return folder.resolve("source");
  }

  private void write(String name, String text) throws IOException {
    Path file = source().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String refusal() {
    return Loading.refusal(folder, "hello", source().toString());
  }

  private String answer() {
    try (LoadedPlugins plugins =
        Loading.loader(folder)
            .load("plugins", List.of(PluginEntry.of("hello", source().toString())))) {
      assertThat(plugins.faults()).isEmpty();
      return Loading.answer(plugins, 0);
    }
  }
}
