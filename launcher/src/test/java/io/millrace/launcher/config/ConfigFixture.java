package io.millrace.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.plugins.schema.ConfigFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files, and what is read from them. */
abstract class ConfigFixture {

  @TempDir Path folder;

  final List<String> faults(String yaml) throws IOException {
    Path file = write("millrace.yaml", yaml);
    ConfigException failure =
        catchThrowableOfType(ConfigException.class, () -> new ConfigLoader(Map.of()).load(file));
    assertThat(failure.source()).isEqualTo(file.toString());
    return failure.faults().stream().map(ConfigFault::toString).toList();
  }

  final LoadedConfig load(String yaml, Map<String, String> environment) throws IOException {
    return new ConfigLoader(environment).load(write("millrace.yaml", yaml));
  }

  final Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
