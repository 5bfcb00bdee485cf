package io.millrace.plugins;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where plugins come from.
 *
 * @param folder the plugins folder: jars, folders of jars and folders of source that an entry
 *     without a source is looked up in; need not exist
 * @param cache where compiled sources and fetched files are kept; made if missing
 * @param repositories addresses of Maven repositories, tried in order; none means Maven's own
 *     default
 * @param localRepository where fetched artifacts are kept; null for a folder of the cache
 * @param offline whether only what was fetched before may be used
 */
public record PluginHostConfig(
    Path folder,
    Path cache,
    List<String> repositories,
    @Nullable Path localRepository,
    boolean offline) {

  /** Copies the list. */
  public PluginHostConfig {
    repositories = List.copyOf(repositories);
  }

  /** Everything in one folder, Maven's default repository. */
  public static PluginHostConfig in(Path dataDir) {
    return new PluginHostConfig(
        dataDir.resolve("plugins"), dataDir.resolve("plugin-cache"), List.of(), null, false);
  }

  Path compiled() {
    return cache.resolve("compiled");
  }

  Path artifacts() {
    return localRepository != null ? localRepository : cache.resolve("repository");
  }
}
