package io.millrace.schemas.serde;

import io.millrace.schemas.registry.RestSchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The registry that a serializer or deserializer asks: one that it was given and leaves open, or
 * one that it opens itself and closes.
 */
final class SerdeRegistry implements AutoCloseable {

  private final @Nullable SchemaRegistry given;
  private @Nullable SchemaRegistry opened;

  SerdeRegistry(@Nullable SchemaRegistry given) {
    this.given = given;
  }

  /** The registry, opened where none was given. */
  SchemaRegistry open(Map<String, ?> configs) {
    if (given != null) {
      return given;
    }
    SchemaRegistry registry = RestSchemaRegistry.open(configs);
    opened = registry;
    return registry;
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
