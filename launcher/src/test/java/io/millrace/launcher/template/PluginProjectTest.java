package io.millrace.launcher.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.ApiVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Every template is written, compiled and tested, as its new owner would. */
class PluginProjectTest {

  private static final Pattern VERSION = Pattern.compile("<([a-z-]+[.]version)>([^<$]+)</");
  private static final Pattern PARENT =
      Pattern.compile("<artifactId>millrace</artifactId>\\s*<version>([^<]+)</version>");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void shouldCompileAndPassItsTestsAtOnce(PluginTemplate template) throws Exception {
    new PluginProject(template, "my-own-" + template).write(folder);
    TestExecutionSummary summary = new GeneratedProject(folder).test();
    assertThat(summary.getFailures())
        .extracting(
            failure -> failure.getTestIdentifier().getDisplayName() + failure.getException())
        .isEmpty();
    assertThat(summary.getTestsSucceededCount()).isGreaterThanOrEqualTo(4);
    assertThat(summary.getTestsSkippedCount() + summary.getTestsAbortedCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeComplete(PluginTemplate template) {
    Map<String, String> files = new PluginProject(template, "x").files();
    assertThat(files)
        .hasSize(8)
        .containsKeys("pom.xml", "README.md", "src/test/java/com/example/x/XTckTest.java")
        .containsEntry(
            "src/main/resources/META-INF/services/" + template.service(),
            "com.example.x.XFactory\n");
    for (var file : files.entrySet()) {
      assertThat(file.getValue()).as(file.getKey()).doesNotContainPattern("@[a-z-]+@");
    }
  }

  @Test
  void shouldUseTheVersionsOfTheBuild() throws IOException {
    String build = Files.readString(Path.of("../pom.xml"));
    String written = new PluginProject(PluginTemplate.HOOK, "x").files().get("pom.xml");
    Matcher parent = PARENT.matcher(build);
    assertThat(parent.find()).isTrue();
    assertThat(written)
        .contains("<millrace.version>" + parent.group(1) + "</millrace.version>")
        .contains("<millrace.api-version>" + ApiVersion.CURRENT + "</millrace.api-version>");
    List<String> versions =
        VERSION.matcher(written).results().map(match -> match.group(0)).toList();
    assertThat(versions).hasSizeGreaterThan(6);
    assertThat(versions.stream().filter(version -> !version.startsWith("<millrace.")))
        .allSatisfy(version -> assertThat(build).contains(version));
  }

  @Test
  void shouldRefuseNamesThatAreNone() {
    for (String name : List.of("", "My-Guard", "1st", "a--b", "a_b", "-a", "a".repeat(65))) {
      assertThatThrownBy(() -> new PluginProject(PluginTemplate.HOOK, name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("such as my-guard; not '" + name + "'");
    }
  }
}
