package io.millrace.plugin.engine;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a loader found: the model and what belongs to it, not yet ready to run.
 *
 * @param location where it was
 * @param format which format it has, e.g. {@code onnx}; engines decide by it
 * @param model the model itself
 * @param parts what belongs to it, by name, e.g. {@code tokenizer}; copied
 */
public record ModelSource(
    ModelLocation location, String format, Data model, Map<String, Data> parts) {

  /** Copies the map. */
  public ModelSource {
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(model, "model");
    parts = Map.copyOf(parts);
  }

  /** A part, or null. */
  public @Nullable Data part(String name) {
    return parts.get(name);
  }

  /** Where the bytes are. Large models stay on disk, for engines that map them into memory. */
  public sealed interface Data {

    /**
     * On disk.
     *
     * @param path a file that can be read
     */
    record OnDisk(Path path) implements Data {}

    /**
     * In memory.
     *
     * @param bytes not copied; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // tens of megabytes, handed over once
    record InMemory(byte[] bytes) implements Data {}
  }
}
