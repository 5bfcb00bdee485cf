package io.millrace.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.provider.ProviderFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins in jars: what is loaded, what is refused, and that none sees another or the host. */
class PluginJarTest {

  private static final String LOADER =
      """
      package p;
      import io.millrace.plugin.engine.*;
      import java.util.Set;
      public final class Loader implements ModelLoader {
        public String name() { return "loader"; }
        public String description() { return "A test."; }
        public Set<String> extensions() { return Set.of("bin"); }
        public ModelSource load(ModelLocation location) throws ModelException {
          throw new ModelException("none");
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void shouldLoadTheOnlyPluginOfAJarWhateverItIsCalled() throws IOException {
    Path jar = PluginJar.hook("hello", "p.Hello", "\"hi\"").build(folder.resolve("hello.jar"));
    try (LoadedPlugins plugins = load(PluginEntry.of("another-name", jar.toString()))) {
      assertThat(plugins.faults()).isEmpty();
      assertThat(Loading.answer(plugins, 0)).isEqualTo("hi");
      LoadedPlugin plugin = plugins.plugins().getFirst().orElseThrow();
      assertThat(plugin.name()).isEqualTo("another-name");
      assertThat(plugin.version()).isEqualTo("7.8.9");
      assertThat(plugin.origin()).isEqualTo(jar.toString());
      assertThat(plugin.entry().kind()).isEqualTo(PluginKind.HOOK);
    }
  }

  @Test
  void shouldLoadEnginesAndLoaders() throws IOException {
    Path jar =
        new PluginJar()
            .source("p.Loader", LOADER)
            .service(ModelLoader.class, "p.Loader")
            .build(folder.resolve("loader.jar"));
    try (LoadedPlugins plugins = load(PluginEntry.of("loader", jar.toString()))) {
      assertThat(plugins.faults()).isEmpty();
      EntryPoint entry = plugins.plugins().getFirst().orElseThrow().entry();
      assertThat(entry.kind()).isEqualTo(PluginKind.LOADER);
      assertThat(entry.name()).isEqualTo("loader");
      assertThat(((EntryPoint.LoaderEntry) entry).loader().extensions()).containsExactly("bin");
    }
  }

  @Test
  void shouldKeepClashingLibrariesApart() throws IOException {
    for (String version : List.of("1", "2")) {
      Path home = folder.resolve("plugin-" + version);
      Path library =
          new PluginJar()
              .source(
                  "lib.Version",
                  "package lib; public class Version { public static String of() { return \"%s\"; } }"
                      .formatted(version))
              .build(home.resolve("lib.jar"));
      PluginJar.hook("hook-" + version, "p.Versioned", "lib.Version.of()")
          .library(library)
          .build(home.resolve("hook.jar"));
    }
    try (LoadedPlugins plugins =
        load(
            PluginEntry.of("hook-1", folder.resolve("plugin-1").toString()),
            PluginEntry.of("hook-2", folder.resolve("plugin-2").toString()))) {
      assertThat(plugins.faults()).isEmpty();
      assertThat(Loading.answer(plugins, 0)).isEqualTo("1");
      assertThat(Loading.answer(plugins, 1)).isEqualTo("2");
    }
  }

  @Test
  void shouldHideTheHostFromPlugins() throws IOException {
    String expression =
        """
        new Object() { String sees(String name) {
          try { return Class.forName(name).getName(); }
          catch (ClassNotFoundException e) { return "nothing"; } } }.sees("%s")\
        """;
    for (String hidden :
        List.of(
            "io.millrace.plugins.PluginLoader", "com.fasterxml.jackson.databind.ObjectMapper")) {
      assertThat(answerOf(expression.formatted(hidden))).as(hidden).isEqualTo("nothing");
    }
    assertThat(answerOf(expression.formatted("io.millrace.plugin.ApiVersion")))
        .isEqualTo("io.millrace.plugin.ApiVersion");
    assertThat(answerOf(expression.formatted("java.sql.Connection")))
        .isEqualTo("java.sql.Connection");
    assertThat(
            answerOf(
                "getClass().getClassLoader().getResource(\"com/fasterxml/jackson/databind/ObjectMapper.class\")"))
        .isEqualTo("null");
  }

  @Test
  void shouldCloseTheJarWhenClosed() throws Exception {
    Path jar = PluginJar.hook("hello", "p.Hello", "1").build(folder.resolve("hello.jar"));
    ClassLoader loader;
    try (LoadedPlugins plugins = load(PluginEntry.of("hello", jar.toString()))) {
      loader =
          ((EntryPoint.HookEntry) plugins.plugins().getFirst().orElseThrow().entry())
              .factory()
              .getClass()
              .getClassLoader();
      assertThat(loader.getResource("p/Hello.class")).isNotNull();
    }
    assertThat(loader.getResource("p/Hello.class")).isNull();
  }

  @Test
  void shouldFindAPluginByNameInThePluginsFolder() throws IOException {
    PluginJar.hook("hello", "p.Hello", "\"hi\"").build(folder.resolve("plugins/hello.jar"));
    try (LoadedPlugins plugins = load(PluginEntry.of("hello", null))) {
      assertThat(Loading.answer(plugins, 0)).isEqualTo("hi");
    }
    assertThat(refusal("hallo", null))
        .contains(
            "plugins[0]: there is no built-in plugin 'hallo'", "plugins/hallo.jar", "'source'");
  }

  @Test
  void shouldRefuseAJarWithoutEntryPoint() throws IOException {
    Path jar =
        new PluginJar()
            .source("p.Hello", PluginJar.hookSource("hello", "p.Hello", "1"))
            .build(folder.resolve("hello.jar"));
    assertThat(refusal("hello", jar))
        .contains(
            "hello.jar has no entry point",
            "META-INF/services/io.millrace.plugin.hook.HookFactory",
            "found none");
  }

  @Test
  void shouldRefuseAnotherApiVersion() throws IOException {
    assertThat(withVersion("2.0"))
        .contains("was built for version 2.0 of the plugin interface, this is 1.0");
    assertThat(withVersion("1.1")).contains("version 1.1", "this is 1.0");
    assertThat(withVersion("one")).contains("an API version is two numbers", "'one'");
    assertThat(withVersion(null))
        .contains("expected the manifest attribute Millrace-Api-Version: 1.0, found none");
    assertThat(withVersion("1.0")).isEmpty();
  }

  @Test
  void shouldRefuseSeveralPluginsOfWhichNoneIsMeant() throws IOException {
    Path jar =
        new PluginJar()
            .source("p.One", PluginJar.hookSource("one", "p.One", "1"))
            .source("p.Two", PluginJar.hookSource("two", "p.Two", "2"))
            .service(HookFactory.class, "p.One", "p.Two")
            .build(folder.resolve("both.jar"));
    assertThat(refusal("three", jar))
        .contains("has several plugins and none is called 'three': expected one of [one, two]");
    assertThat(refusal("two", jar)).isEmpty();
  }

  @Test
  void shouldRefuseAFactoryThatThrows() throws IOException {
    assertThat(failing("static { if (true) throw new IllegalStateException(\"static fault\"); }"))
        .contains("its factory class failed with java.lang.IllegalStateException: static fault");
    assertThat(failing("public Broken() { throw new IllegalStateException(\"no way\"); }"))
        .contains("its factory class failed with java.lang.IllegalStateException: no way");
    assertThat(failing("private Broken() {}")).contains("cannot be loaded", "p.Broken");
    Path missing =
        new PluginJar()
            .service(ProviderFactory.class, "p.Gone")
            .build(folder.resolve("missing.jar"));
    assertThat(refusal("x", missing)).contains("cannot be loaded", "p.Gone");
  }

  @Test
  void shouldReportEveryFaultAtOnce() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    try (LoadedPlugins plugins =
        load(
            PluginEntry.of("a", text.toString()),
            PluginEntry.of("b", folder.resolve("nowhere").toString()),
            PluginEntry.of("c", "builtin"))) {
      assertThat(plugins.faults())
          .extracting(fault -> fault.path())
          .containsExactly("plugins[0]", "plugins[1]", "plugins[2]");
      assertThat(plugins.faults().get(0).message()).contains("cannot be read as a jar");
      assertThat(plugins.faults().get(1).message()).contains("is neither a jar nor a folder");
      assertThat(plugins.faults().get(2).message()).contains("there is no built-in plugin 'c'");
      assertThat(plugins.plugins()).allMatch(plugin -> plugin.isEmpty());
    }
  }

  private String answerOf(String expression) throws IOException {
    Path jar = Files.createTempFile(folder, "seeing", ".jar");
    PluginJar.hook("seeing", "p.Seeing", expression).build(jar);
    try (LoadedPlugins plugins = load(PluginEntry.of("seeing", jar.toString()))) {
      return Loading.answer(plugins, 0);
    }
  }

  private String withVersion(@org.jspecify.annotations.Nullable String version) throws IOException {
    Path jar = folder.resolve("versioned.jar");
    PluginJar.hook("hello", "p.Hello", "1").apiVersion(version).build(jar);
    return refusal("hello", jar);
  }

  private String failing(String member) throws IOException {
    String source =
        PluginJar.hookSource("broken", "p.Broken", "1")
            .replace("implements HookFactory {", "implements HookFactory {\n" + member);
    Path jar =
        new PluginJar()
            .source("p.Broken", source)
            .service(HookFactory.class, "p.Broken")
            .build(folder.resolve("broken.jar"));
    return refusal("broken", jar);
  }

  private LoadedPlugins load(PluginEntry... entries) {
    return Loading.loader(folder).load("plugins", List.of(entries));
  }

  private String refusal(String name, @org.jspecify.annotations.Nullable Path source) {
    return Loading.refusal(folder, name, source == null ? null : source.toString());
  }
}
