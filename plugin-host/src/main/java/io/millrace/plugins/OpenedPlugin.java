package io.millrace.plugins;

import java.io.IOException;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source whose entry points are known.
 *
 * @param origin where it came from, for people
 * @param version what its jar says, or null
 * @param entries at least one
 * @param loader its classes; null for what comes with Millrace
 */
record OpenedPlugin(
    String origin,
    @Nullable String version,
    List<EntryPoint> entries,
    @Nullable URLClassLoader loader)
    implements AutoCloseable {

  OpenedPlugin {
    entries = List.copyOf(entries);
  }

  /** The entry point for an entry of the configuration: the one of its name, or the only one. */
  EntryPoint entryFor(String name) {
    Optional<EntryPoint> named =
        entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
    if (named.isEmpty() && entries.size() > 1) {
      throw new PluginException(
          "%s has several plugins and none is called '%s': expected one of %s"
              .formatted(origin, name, entries.stream().map(EntryPoint::name).sorted().toList()));
    }
    return named.orElseGet(entries::getFirst);
  }

  @Override
  public void close() throws IOException {
    if (loader != null) {
      loader.close();
    }
  }
}
