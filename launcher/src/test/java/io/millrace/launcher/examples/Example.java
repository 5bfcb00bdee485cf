package io.millrace.launcher.examples;

import io.millrace.plugins.EntryPoint;
import io.millrace.plugins.LoadedPlugins;
import io.millrace.plugins.PluginHostConfig;
import io.millrace.plugins.PluginLoader;
import java.nio.file.Path;
import java.util.List;

/** Example plugins, compiled from where they lie. */
final class Example {

  static final Path FOLDER = Path.of("../examples/plugins").toAbsolutePath().normalize();

  private Example() {}

  /** The entry point of an example; its classes stay open until the tests end. */
  static EntryPoint load(Path cache, String name) {
    LoadedPlugins plugins =
        new PluginLoader(PluginHostConfig.in(cache), List.of())
            .inspect(FOLDER.resolve(name).toString());
    if (!plugins.faults().isEmpty()) {
      throw new IllegalStateException(plugins.faults().toString());
    }
    return plugins.plugins().getFirst().orElseThrow().entry();
  }
}
