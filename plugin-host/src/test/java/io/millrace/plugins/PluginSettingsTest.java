package io.millrace.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugins.PluginEntry.Type;
import io.millrace.plugins.schema.ConfigFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin's settings against its schema, and its source against its type. */
class PluginSettingsTest {

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "required": ["api_key"],
        "properties": {
          "api_key": {"type": "string"},
          "timeout_ms": {"type": "integer", "minimum": 1, "default": 5000},
          "mode": {"type": "string", "enum": ["fast", "exact"], "default": "fast"},
          "limits": {"type": "array", "items": {"type": "object", "properties": {
            "rate": {"type": "number"}, "burst": {"type": "integer", "default": 1}}}}
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void shouldAddTheDefaultsOfTheSchema() {
    LoadedPlugin plugin = loaded(Map.of("api_key", "k", "limits", List.of(Map.of("rate", 2.5))));
    assertThat(plugin.config())
        .isEqualTo(
            Map.of(
                "api_key",
                "k",
                "timeout_ms",
                5000,
                "mode",
                "fast",
                "limits",
                List.of(Map.of("rate", 2.5, "burst", 1))));
  }

  @Test
  void shouldReportEveryFaultAtItsPlace() {
    try (LoadedPlugins plugins =
        load(
            PluginEntry.of("strict", null),
            entry(Map.of("api_key", "k", "timeout_ms", 0, "mode", "fest", "colour", "red")))) {
      assertThat(plugins.faults())
          .extracting(ConfigFault::toString)
          .containsExactlyInAnyOrder(
              "plugins[0].config.api_key: is missing",
              "plugins[1].config.timeout_ms: must be at least 1, is 0",
              "plugins[1].config.mode: 'fest' is none of fast, exact; did you mean 'fast'?",
              "plugins[1].config.colour: unknown key; known: api_key, limits, mode, timeout_ms");
    }
  }

  @Test
  void shouldMakeNumbersOfVariablesOnly() {
    Map<String, Object> config = Map.of("api_key", "k", "timeout_ms", "250");
    try (LoadedPlugins plugins =
        load(new PluginEntry("strict", null, null, config, Set.of("timeout_ms")), entry(config))) {
      assertThat(plugins.plugins().getFirst().orElseThrow().config())
          .containsEntry("timeout_ms", 250L);
      assertThat(plugins.faults())
          .extracting(ConfigFault::toString)
          .containsExactly("plugins[1].config.timeout_ms: must be a whole number, is '250'");
    }
  }

  @Test
  void shouldRefuseASchemaThatIsNone() {
    try (LoadedPlugins plugins = load(PluginEntry.of("wrong-schema", "builtin"))) {
      assertThat(plugins.faults().getFirst().toString())
          .startsWith("plugins[0]: its configuration schema is no JSON Schema")
          .contains("required");
    }
  }

  @Test
  void shouldHoldTypeAndSourceTogether() {
    assertThat(contradiction("./local-plugins/custom", Type.REMOTE))
        .contains("a remote source is group:artifact:version", "'./local-plugins/custom'");
    assertThat(contradiction("com.example:custom:1.0", Type.LOCAL))
        .contains("a local source is builtin, or the path", "'com.example:custom:1.0'");
    assertThat(contradiction("builtin:strikt", Type.LOCAL))
        .contains("no built-in plugin 'strikt'", "did you mean 'strict'?");
  }

  private String contradiction(String source, Type type) {
    try (LoadedPlugins plugins =
        load(new PluginEntry("custom", source, type, Map.of(), Set.of()))) {
      return plugins.faults().toString();
    }
  }

  private LoadedPlugin loaded(Map<String, Object> config) {
    try (LoadedPlugins plugins = load(entry(config))) {
      assertThat(plugins.faults()).isEmpty();
      return plugins.plugins().getFirst().orElseThrow();
    }
  }

  private static PluginEntry entry(Map<String, Object> config) {
    return new PluginEntry("mine", "builtin:strict", null, config, Set.of());
  }

  private LoadedPlugins load(PluginEntry... entries) {
    return Loading.loader(
            folder,
            new Factory("strict", SCHEMA),
            new Factory("wrong-schema", "{\"properties\":{\"a\":{\"required\":true}}}"))
        .load("plugins", List.of(entries));
  }

  private record Factory(String name, String schema) implements HookFactory {
    @Override
    public HookDescriptor descriptor() {
      return HookDescriptor.of(name, "For tests.").configSchema(schema).build();
    }

    @Override
    public Hook create(Map<String, Object> config, HookEnvironment environment) {
      return new Hook() {};
    }
  }
}
