package io.millrace.plugins;

import io.millrace.plugins.schema.ConfigFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The plugins of a configuration and their classes. To be closed after the last of them is closed;
 * classes that were not loaded before cannot be loaded afterwards.
 */
public final class LoadedPlugins implements AutoCloseable {

  private final List<Optional<LoadedPlugin>> plugins;
  private final List<ConfigFault> faults;
  private final List<OpenedPlugin> opened;

  LoadedPlugins(
      List<Optional<LoadedPlugin>> plugins, List<ConfigFault> faults, List<OpenedPlugin> opened) {
    this.plugins = List.copyOf(plugins);
    this.faults = List.copyOf(faults);
    this.opened = new ArrayList<>(opened);
  }

  /** One for each entry, in its order; empty for an entry with faults. */
  public List<Optional<LoadedPlugin>> plugins() {
    return plugins;
  }

  /** Everything that is wrong, each at its place in the file. */
  public List<ConfigFault> faults() {
    return faults;
  }

  /** Closes the class loaders, the last first. Idempotent. */
  @Override
  public synchronized void close() {
    List<IOException> failures = new ArrayList<>();
    while (!opened.isEmpty()) {
      try {
        opened.removeLast().close();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw new UncheckedIOException("a plugin's jar could not be closed", failures.getFirst());
    }
  }
}
