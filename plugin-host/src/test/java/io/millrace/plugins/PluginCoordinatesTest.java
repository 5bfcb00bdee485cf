package io.millrace.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins from a Maven repository; the repository is a folder. */
class PluginCoordinatesTest {

  private static final String HOOK = "com.example:hook:1.0";

  @TempDir private Path folder;

  @BeforeEach
  void publish() throws IOException {
    Path library =
        new PluginJar()
            .source(
                "lib.Word", "package lib; public class Word { public static String W = \"w\"; }")
            .build(file("library", "jar"));
    PluginJar.hook("hello", "p.Hello", "lib.Word.W").library(library).build(file("hook", "jar"));
    pom("library", "");
    pom(
        "hook",
        dependency("com.example", "library", "1.0")
            + dependency("io.millrace", "millrace-plugin-api", "0.0"));
    for (String artifact : List.of("library", "hook")) {
      checksum(file(artifact, "jar"));
      checksum(file(artifact, "pom"));
    }
  }

  @Test
  void shouldFetchAPluginWithWhatItDependsOn() {
    try (LoadedPlugins plugins = load(false)) {
      assertThat(plugins.faults()).isEmpty();
      assertThat(Loading.answer(plugins, 0)).isEqualTo("w");
      assertThat(plugins.plugins().getFirst().orElseThrow().version()).isEqualTo("1.0");
    }
  }

  @Test
  void shouldNeedNoRepositoryOnceFetched() throws IOException {
    load(false).close();
    FileTree.delete(folder.resolve("remote"));
    for (boolean offline : List.of(true, false)) {
      try (LoadedPlugins plugins = load(offline)) {
        assertThat(plugins.faults()).isEmpty();
        assertThat(Loading.answer(plugins, 0)).isEqualTo("w");
      }
    }
  }

  @Test
  void shouldRefuseAWrongOrMissingChecksum() throws IOException {
    Files.writeString(sum("library", "jar"), "0".repeat(40));
    assertThat(refusal(false)).contains(HOOK + " cannot be fetched from [file:", "hecksum");
    Files.delete(sum("library", "jar"));
    assertThat(refusal(false)).contains("cannot be fetched", "hecksum");
  }

  @Test
  void shouldSayWhatIsMissing() throws IOException {
    Files.delete(file("library", "jar"));
    assertThat(refusal(false)).contains("cannot be fetched", "com.example:library:jar:1.0");
  }

  @Test
  void shouldSayWhatIsMissingWhenOffline() {
    assertThat(refusal(true)).contains(HOOK + " cannot be fetched", "offline");
  }

  private String refusal(boolean offline) {
    try (LoadedPlugins plugins = load(offline)) {
      return plugins.faults().toString();
    }
  }

  private LoadedPlugins load(boolean offline) {
    PluginHostConfig config =
        new PluginHostConfig(
            folder.resolve("plugins"),
            folder.resolve("cache"),
            List.of(folder.resolve("remote").toUri().toString()),
            null,
            offline);
    return new PluginLoader(config, List.of())
        .load("plugins", List.of(PluginEntry.of("hello", HOOK)));
  }

  private Path file(String artifact, String extension) {
    return folder.resolve(
        "remote/com/example/%s/1.0/%s-1.0.%s".formatted(artifact, artifact, extension));
  }

  private Path sum(String artifact, String extension) {
    Path file = file(artifact, extension);
    return file.resolveSibling(file.getFileName() + ".sha1");
  }

  private void pom(String artifact, String dependencies) throws IOException {
    Files.writeString(
        file(artifact, "pom"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>%s</artifactId>
          <version>1.0</version>
          <dependencies>%s</dependencies>
        </project>
        """
            .formatted(artifact, dependencies),
        StandardCharsets.UTF_8);
  }

  private static String dependency(String group, String artifact, String version) {
    return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
        .formatted(group, artifact, version);
  }

  private static void checksum(Path file) throws IOException {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-1").digest(Files.readAllBytes(file));
      Files.writeString(
          file.resolveSibling(file.getFileName() + ".sha1"), HexFormat.of().formatHex(sum));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
