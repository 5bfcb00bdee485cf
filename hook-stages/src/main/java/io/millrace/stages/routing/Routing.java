package io.millrace.stages.routing;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.stages.hooks.settings.ModelPattern;
import io.millrace.stages.hooks.settings.StarPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which providers answer for a model. Immutable.
 *
 * @param providers configured providers in order of preference, each with its models; a provider
 *     without a list takes any model that is addressed to it
 * @param defaultProvider comes first for {@code auto}, and answers for bare models that no list
 *     names
 * @param aliases other names for one {@code provider/model} or several
 * @param policy how one of several is chosen
 */
public record Routing(
    Map<String, List<String>> providers,
    String defaultProvider,
    Map<String, List<String>> aliases,
    RoutingPolicy policy) {

  private static final String AUTO = "auto";
  private static final String ANY_MODEL = "default";

  /** Copies the collections, keeping the order, and checks that the default provider is there. */
  public Routing {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    providers.forEach((name, models) -> copy.put(name, List.copyOf(models)));
    providers = Collections.unmodifiableMap(copy);
    Map<String, List<String>> names = new LinkedHashMap<>();
    aliases.forEach((alias, targets) -> names.put(alias, List.copyOf(targets)));
    aliases = Collections.unmodifiableMap(names);
    if (!providers.containsKey(defaultProvider)) {
      throw new IllegalArgumentException(
          "default provider '"
              + defaultProvider
              + "' is not configured; configured: "
              + providers.keySet());
    }
  }

  /** With the default policy. */
  public Routing(
      Map<String, List<String>> providers,
      String defaultProvider,
      Map<String, List<String>> aliases) {
    this(providers, defaultProvider, aliases, RoutingPolicy.DEFAULT);
  }

  /**
   * Every target that answers for a request's model name, in the configured order; empty when none
   * does.
   */
  public List<Target> candidates(String requested) {
    List<String> alias = aliases.get(requested);
    if (alias != null) {
      return alias.stream().flatMap(name -> named(name).stream()).distinct().toList();
    }
    return named(requested);
  }

  /** The first target for a model name, or empty when no provider answers for it. */
  public Optional<Target> resolve(String requested) {
    return candidates(requested).stream().findFirst();
  }

  /** Whether a provider of this name is configured. */
  public boolean knows(String provider) {
    return providers.containsKey(provider);
  }

  /** What the configuration says is tried next, in order; empty where it says nothing. */
  List<String> fallbacksOf(String requested, Target target) {
    for (Map.Entry<String, List<String>> entry : policy.fallbacks().entrySet()) {
      if (StarPattern.matches(entry.getKey(), requested)
          || new ModelPattern(entry.getKey()).matches(target)) {
        return entry.getValue();
      }
    }
    return List.of();
  }

  /** The error for a model that nobody answers for. */
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
  public PipelineError notConfigured(String provider) {
    return ErrorCode.PROVIDER_UNAVAILABLE.error(
        "provider '" + provider + "' is not configured; configured: " + providers.keySet());
  }

  private List<Target> named(String model) {
    if (model.equals(AUTO)) {
      return any();
    }
    List<Target> found = addressed(model);
    if (found.isEmpty()) {
      found = listed(model);
    }
    return found.isEmpty() ? unlisted(model) : found;
  }

  /** All models of all lists, the default provider's first. */
  private List<Target> any() {
    Set<Target> targets = new LinkedHashSet<>();
    addModels(defaultProvider, targets);
    if (providers.getOrDefault(defaultProvider, List.of()).isEmpty()) {
      targets.add(new Target(defaultProvider, ANY_MODEL));
    }
    providers.keySet().forEach(provider -> addModels(provider, targets));
    return List.copyOf(targets);
  }

  private void addModels(String provider, Set<Target> targets) {
    for (String model : providers.getOrDefault(provider, List.of())) {
      addEnabled(new Target(provider, model), targets);
    }
  }

  private List<Target> addressed(String model) {
    int slash = model.indexOf('/');
    if (slash < 1 || slash == model.length() - 1) {
      return List.of();
    }
    List<String> models = providers.get(model.substring(0, slash));
    Target target = new Target(model.substring(0, slash), model.substring(slash + 1));
    return models != null
            && (models.isEmpty() || models.contains(target.model()))
            && policy.enabled(target)
        ? List.of(target)
        : List.of();
  }

  private List<Target> listed(String model) {
    List<Target> targets = new ArrayList<>(1);
    providers.forEach(
        (provider, models) -> {
          if (models.contains(model)) {
            addEnabled(new Target(provider, model), targets);
          }
        });
    return targets;
  }

  private void addEnabled(Target target, Collection<Target> targets) {
    if (policy.enabled(target)) {
      targets.add(target);
    }
  }

  private List<Target> unlisted(String model) {
    return model.indexOf('/') < 0 && providers.getOrDefault(defaultProvider, List.of()).isEmpty()
        ? List.of(new Target(defaultProvider, model))
        : List.of();
  }
}
