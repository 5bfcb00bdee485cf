package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What plugins of every kind keep to that say their name, description and schema themselves. */
abstract class NamedPluginTck {

  NamedPluginTck() {}

  /** Configurations that it accepts, without what the schema has defaults for; at least one. */
  protected List<Map<String, Object>> configurations() {
    return List.of(Map.of());
  }

  abstract String name();

  abstract String description();

  abstract @Nullable String configSchema();

  @Test
  void shouldSayWhatItIsTheSameAtEveryCall() {
    assertTrue(name().matches("[a-z][a-z0-9-]{0,63}"), "name: " + name());
    assertEquals(name(), name(), "name() must not change");
    assertFalse(description().isBlank(), "a description helps whoever lists plugins");
  }

  /** The configurations with the schema's defaults. */
  final List<Map<String, Object>> samples() {
    return SampleConfigs.complete(configSchema(), configurations());
  }
}
