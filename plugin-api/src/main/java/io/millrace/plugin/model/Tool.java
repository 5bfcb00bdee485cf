package io.millrace.plugin.model;

import org.jspecify.annotations.Nullable;

/** A tool that the model may call. */
public sealed interface Tool {

  /**
   * A function.
   *
   * @param name unique within the request
   * @param description what it does, or null
   * @param parametersJson the JSON Schema of its arguments as JSON text, or null for none
   * @param strict whether the arguments must follow the schema exactly, or null
   */
  record Function(
      String name,
      @Nullable String description,
      @Nullable String parametersJson,
      @Nullable Boolean strict)
      implements Tool {}

  /**
   * A tool of another type, or with fields this library does not know, kept as it was sent.
   *
   * @param json the whole tool as JSON text
   */
  record Other(String json) implements Tool {}
}
