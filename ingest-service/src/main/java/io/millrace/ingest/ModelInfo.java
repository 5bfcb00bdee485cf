package io.millrace.ingest;

import io.millrace.plugin.model.Target;
import io.millrace.schemas.access.ModelRights;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A model that callers may name, for {@code GET /v1/models}.
 *
 * @param id as in a request, e.g. {@code provider/model}
 * @param ownedBy who runs it
 * @param targets what it stands for: itself, or what an alias may lead to
 * @param enabled whether it may be used; one that may not is not listed, whoever else reports it
 */
public record ModelInfo(String id, String ownedBy, List<Target> targets, boolean enabled) {

  /** Checks that all are there. */
  public ModelInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(ownedBy, "ownedBy");
    targets = List.copyOf(targets);
  }

  /** One that may be used. */
  public ModelInfo(String id, String ownedBy, List<Target> targets) {
    this(id, ownedBy, targets, true);
  }

  /** A model of a provider: the id is the provider's name, a slash, and the model. */
  public ModelInfo(String id, String ownedBy) {
    this(id, ownedBy, List.of(new Target(ownedBy, id.substring(id.indexOf('/') + 1))));
  }

  /** This, which may not be used. */
  public ModelInfo disabled() {
    return new ModelInfo(id, ownedBy, targets, false);
  }

  /** Whether a credential that is held to these models may ask for it; an empty set allows all. */
  boolean within(Set<String> models) {
    return models.isEmpty()
        || targets.stream().anyMatch(target -> ModelRights.reach(models, target));
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
