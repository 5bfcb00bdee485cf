package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which provider answers for a model. Immutable.
 *
 * @param providers configured providers in order of preference, each with its models; a provider
 *     without a list takes any model that is addressed to it
 * @param defaultProvider who answers for {@code auto} and for bare models that no list names
 * @param aliases other names for {@code provider/model}
 */
public record Routing(
    Map<String, List<String>> providers, String defaultProvider, Map<String, String> aliases) {

  private static final String AUTO = "auto";
  private static final String ANY_MODEL = "default";

  /** Copies the collections, keeping the order, and checks that the default provider is there. */
  public Routing {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    providers.forEach((name, models) -> copy.put(name, List.copyOf(models)));
    providers = java.util.Collections.unmodifiableMap(copy);
    aliases = Map.copyOf(aliases);
    if (!providers.containsKey(defaultProvider)) {
      throw new IllegalArgumentException(
          "default provider '"
              + defaultProvider
              + "' is not configured; configured: "
              + providers.keySet());
    }
  }

  /** The target of a request's model name, or empty when no provider answers for it. */
  public Optional<Target> resolve(String requested) {
    return resolve(requested, target -> true);
  }

  /**
   * The same, where a bare model goes to the first provider in order of preference whose target is
   * wanted; when none is, to the first.
   */
  Optional<Target> resolve(String requested, Predicate<Target> wanted) {
    String model = aliases.getOrDefault(requested, requested);
    if (model.equals(AUTO)) {
      return Optional.of(new Target(defaultProvider, firstModel(defaultProvider)));
    }
    return addressed(model)
        .or(() -> listed(model, wanted).or(() -> listed(model, target -> true)))
        .or(() -> unlisted(model));
  }

  /** Whether a provider of this name is configured. */
  public boolean knows(String provider) {
    return providers.containsKey(provider);
  }

  /** The error for a model that {@link #resolve} does not find. */
  public PipelineError notFound(String model) {
    String known =
        providers.entrySet().stream()
            .map(
                entry ->
                    entry.getKey()
                        + (entry.getValue().isEmpty() ? " (any model)" : " " + entry.getValue()))
            .collect(Collectors.joining(", "));
    return ErrorCode.MODEL_NOT_FOUND.error(
        "no provider answers for model '" + model + "'; configured: " + known);
  }

  /** The error for a provider that {@link #knows} does not know. */
  PipelineError notConfigured(String provider) {
    return ErrorCode.PROVIDER_UNAVAILABLE.error(
        "provider '" + provider + "' is not configured; configured: " + providers.keySet());
  }

  private Optional<Target> addressed(String model) {
    int slash = model.indexOf('/');
    if (slash < 1 || slash == model.length() - 1) {
      return Optional.empty();
    }
    List<String> models = providers.get(model.substring(0, slash));
    String name = model.substring(slash + 1);
    return models != null && (models.isEmpty() || models.contains(name))
        ? Optional.of(new Target(model.substring(0, slash), name))
        : Optional.empty();
  }

  private Optional<Target> listed(String model, Predicate<Target> wanted) {
    return providers.entrySet().stream()
        .filter(entry -> entry.getValue().contains(model))
        .map(entry -> new Target(entry.getKey(), model))
        .filter(wanted)
        .findFirst();
  }

  private Optional<Target> unlisted(String model) {
    return model.indexOf('/') < 0 && providers.getOrDefault(defaultProvider, List.of()).isEmpty()
        ? Optional.of(new Target(defaultProvider, model))
        : Optional.empty();
  }

  private String firstModel(String provider) {
    List<String> models = providers.getOrDefault(provider, List.of());
    return models.isEmpty() ? ANY_MODEL : models.getFirst();
  }
}
