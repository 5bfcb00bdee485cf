package io.millrace.ingest;

import java.util.Objects;

/**
 * A model that callers may name, for {@code GET /v1/models}.
 *
 * @param id as in a request, e.g. {@code provider/model}
 * @param ownedBy who runs it
 */
public record ModelInfo(String id, String ownedBy) {

  /** Checks that both are there. */
  public ModelInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(ownedBy, "ownedBy");
  }

  /** Stands for every model that a provider says it has. */
  public static ModelInfo allOf(String provider) {
    return new ModelInfo(provider + "/*", provider);
  }

  /** Whether it is {@link #allOf} a provider. */
  boolean standsForAll() {
    return id.equals(ownedBy + "/*");
  }
}
