package io.millrace.plugin.engine;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is. Immutable. Exactly one of path and resource is set.
 *
 * @param name what the configuration calls the model
 * @param path a file or a folder, or null
 * @param resource the name of a resource that comes with the loader's plugin, or null
 * @param options what the configuration says of the model beyond that, for loader and engine;
 *     copied
 */
public record ModelLocation(
    String name, @Nullable Path path, @Nullable String resource, Map<String, Object> options) {

  /** Checks, and copies the map. */
  public ModelLocation {
    Objects.requireNonNull(name, "name");
    options = Map.copyOf(options);
    if ((path == null) == (resource == null)) {
      throw new IllegalArgumentException(
          "model %s must have either path or resource".formatted(name));
    }
  }

  /** A model in a file or a folder. */
  public static ModelLocation ofPath(String name, Path path) {
    return new ModelLocation(name, path, null, Map.of());
  }

  /** A model that comes with the loader's plugin. */
  public static ModelLocation ofResource(String name, String resource) {
    return new ModelLocation(name, null, resource, Map.of());
  }

  /** This model with other options. */
  public ModelLocation withOptions(Map<String, Object> replacement) {
    return new ModelLocation(name, path, resource, replacement);
  }

  /** What follows the last dot of the file's name, in lower case; empty when there is none. */
  public String extension() {
    String file = fileName();
    int dot = file.lastIndexOf('.');
    return dot < 0 ? "" : file.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** The path or the resource, for messages. */
  @Override
  public String toString() {
    return path == null ? "resource " + resource : path.toString();
  }

  private String fileName() {
    if (resource != null) {
      return resource.substring(resource.lastIndexOf('/') + 1);
    }
    Path last = Objects.requireNonNull(path).getFileName();
    return last == null ? "" : last.toString();
  }
}
