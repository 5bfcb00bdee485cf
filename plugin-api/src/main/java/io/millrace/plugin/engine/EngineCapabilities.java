package io.millrace.plugin.engine;

import io.millrace.plugin.model.RequestKind;
import java.util.Set;

/**
 * What an engine can do.
 *
 * @param formats the formats of {@link ModelSource} that it runs; copied
 * @param kinds what its models can be asked for; copied
 * @param streaming whether it hands answers on while they come
 */
public record EngineCapabilities(Set<String> formats, Set<RequestKind> kinds, boolean streaming) {

  /** Copies the sets. */
  public EngineCapabilities {
    formats = Set.copyOf(formats);
    kinds = Set.copyOf(kinds);
  }
}
