package io.millrace.workers.engine;

import io.millrace.plugin.engine.ModelLocation;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a provider of type {@code engine} is configured.
 *
 * @param engine the engine's name, or null for the first that runs the model
 * @param models by the name callers use, at least one
 * @param threads how many threads one call may use, 1 to 256
 * @param maxConcurrent how many calls are computed at once, 1 to 256
 * @param maxQueued how many calls may wait for that, 0 to 100,000; more are told to come again
 * @param preload whether models are loaded at the start rather than at their first call
 * @param callEvents whether each call writes events, beside its record on {@code attempts}
 */
record EngineProviderSettings(
    @Nullable String engine,
    Map<String, ModelLocation> models,
    int threads,
    int maxConcurrent,
    int maxQueued,
    boolean preload,
    boolean callEvents) {

  private static final int MAX_THREADS = 256;
  private static final int MAX_QUEUED = 100_000;
  private static final int MAX_MODELS = 64;
  private static final Set<String> KNOWN =
      new TreeSet<>(
          Set.of(
              "engine",
              "model_files",
              "threads",
              "max_concurrent",
              "max_queued",
              "preload",
              "call_events"));

  EngineProviderSettings {
    models = Map.copyOf(models);
  }

  /**
   * Reads settings.
   *
   * @param processors how many there are; they are shared among the calls computed at once
   * @throws IllegalArgumentException naming the setting that is wrong and what is right
   */
  static EngineProviderSettings of(Map<String, Object> settings, int processors) {
    for (String name : settings.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "there is no setting '%s': settings are %s".formatted(name, String.join(", ", KNOWN)));
      }
    }
    int concurrent =
        integer(settings, "max_concurrent", Math.clamp(processors, 1, MAX_THREADS), 1, MAX_THREADS);
    return new EngineProviderSettings(
        settings.containsKey("engine") ? text("engine", settings.get("engine")) : null,
        models(settings.get("model_files")),
        integer(settings, "threads", Math.max(1, processors / concurrent), 1, MAX_THREADS),
        concurrent,
        integer(settings, "max_queued", 1_000, 0, MAX_QUEUED),
        flag(settings, "preload", false),
        flag(settings, "call_events", false));
  }

  private static Map<String, ModelLocation> models(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> entries) || entries.isEmpty() || entries.size() > MAX_MODELS) {
      throw new IllegalArgumentException(
          "model_files must name 1 to %d models, each with path or resource, is %s"
              .formatted(MAX_MODELS, value == null ? "missing" : "'" + value + "'"));
    }
    Map<String, ModelLocation> models = new LinkedHashMap<>();
    entries.forEach(
        (name, model) ->
            models.put(text("model_files", name), model(text("model_files", name), model)));
    return models;
  }

  private static ModelLocation model(String name, @Nullable Object value) {
    String where = "model_files." + name;
    if (!(value instanceof Map<?, ?> fields)) {
      throw fault(where, "settings with path or resource", value);
    }
    Map<String, Object> options = new LinkedHashMap<>();
    fields.forEach((key, field) -> options.put(text(where, key), field));
    @Nullable Object path = options.remove("path");
    @Nullable Object resource = options.remove("resource");
    if ((path == null) == (resource == null)) {
      throw new IllegalArgumentException(
          where
              + " must have either path (a file or folder) or resource, has "
              + (path == null ? "neither" : "both"));
    }
    return (path != null
            ? ModelLocation.ofPath(name, path(where + ".path", text(where + ".path", path)))
            : ModelLocation.ofResource(name, text(where + ".resource", resource)))
        .withOptions(options);
  }

  private static Path path(String where, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw fault(where, "a path", text);
    }
  }

  private static String text(String name, @Nullable Object value) {
    if (!(value instanceof String text) || text.isBlank()) {
      throw fault(name, "a text", value);
    }
    return text;
  }

  private static int integer(
      Map<String, Object> settings, String name, int otherwise, int min, int max) {
    @Nullable Object value = settings.get(name);
    if (value == null) {
      return otherwise;
    }
    String right = "a whole number from " + min + " to " + max;
    try {
      int number = Integer.parseInt(value.toString());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw fault(name, right, value);
    }
    throw fault(name, right, value);
  }

  private static boolean flag(Map<String, Object> settings, String name, boolean otherwise) {
    @Nullable Object value = settings.get(name);
    return switch (value == null ? Boolean.toString(otherwise) : value.toString()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw fault(name, "true or false", value);
    };
  }

  private static IllegalArgumentException fault(String name, String right, @Nullable Object value) {
    return new IllegalArgumentException("%s must be %s, is '%s'".formatted(name, right, value));
  }
}
