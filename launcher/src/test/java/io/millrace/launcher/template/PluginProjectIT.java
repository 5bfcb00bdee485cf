package io.millrace.launcher.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Maven on a new project. Skipped where Maven has nothing to resolve from: needs {@code
 * mvn install -pl .,plugin-api -DskipTests} to have been run once.
 */
class PluginProjectIT {

  @TempDir private Path folder;

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void shouldBuildWithMaven() throws IOException, InterruptedException {
    new PluginProject(PluginTemplate.HOOK, "my-guard").write(folder);
    Process maven = start();
    String output =
        new String(maven.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    int exit = maven.waitFor();
    assumeFalse(
        exit != 0 && (output.contains("offline") || output.contains("Could not resolve")),
        () -> "Maven cannot resolve offline, so its build is not tried: " + firstError(output));
    assertThat(exit).as(output).isZero();
    assertThat(folder.resolve("target/my-guard.jar")).isRegularFile();
  }

  private Process start() throws InterruptedException {
    ProcessBuilder maven = new ProcessBuilder("mvn", "-o", "-B", "-ntp", "package");
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    try {
      return maven.directory(folder.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      org.junit.jupiter.api.Assumptions.abort("there is no mvn on the path: " + e.getMessage());
      throw new IllegalStateException(e);
    }
  }

  private static String firstError(String output) {
    return output.lines().filter(line -> line.contains("ERROR")).findFirst().orElse("");
  }
}
