package io.millrace.stages.routing;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.stages.hooks.settings.ModelPattern;
import io.millrace.stages.hooks.settings.StarPattern;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which providers answer for a model. Immutable.
 *
 * @param providers configured providers in order of preference, each with its models; a provider
 *     without a list takes any model that is addressed to it
 * @param defaultProvider comes first for {@code auto}, and answers for bare models that no list
 *     names
 * @param aliases other names for one {@code provider/model} or several
 * @param policy how one of several is chosen
 * @param reported what providers say of their models, by provider and model, of those that are to
 *     be asked; empty for one that has not said anything yet
 */
public record Routing(
    Map<String, List<String>> providers,
    String defaultProvider,
    Map<String, List<String>> aliases,
    RoutingPolicy policy,
    Map<String, Map<String, ModelInfo>> reported) {

  /** What {@code auto} asks a default provider for that takes any name. */
  public static final String UNNAMED_MODEL = "default";

  /** Copies the collections, keeping the order, and checks that the default provider is there. */
  public Routing {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    providers.forEach((name, models) -> copy.put(name, List.copyOf(models)));
    providers = Collections.unmodifiableMap(copy);
    Map<String, List<String>> names = new LinkedHashMap<>();
    aliases.forEach((alias, targets) -> names.put(alias, List.copyOf(targets)));
    aliases = Collections.unmodifiableMap(names);
    Map<String, Map<String, ModelInfo>> told = new LinkedHashMap<>();
    reported.forEach(
        (name, models) -> told.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(models))));
    reported = Collections.unmodifiableMap(told);
    if (!providers.containsKey(defaultProvider)) {
      throw new IllegalArgumentException(
          "default provider '"
              + defaultProvider
              + "' is not configured; configured: "
              + providers.keySet());
    }
  }

  /** With no provider that is asked for its models. */
  public Routing(
      Map<String, List<String>> providers,
      String defaultProvider,
      Map<String, List<String>> aliases,
      RoutingPolicy policy) {
    this(providers, defaultProvider, aliases, policy, Map.of());
  }

  /** With the default policy. */
  public Routing(
      Map<String, List<String>> providers,
      String defaultProvider,
      Map<String, List<String>> aliases) {
    this(providers, defaultProvider, aliases, RoutingPolicy.DEFAULT);
  }

  /** This with providers that are asked for their models; nothing is known of these yet. */
  public Routing withAsked(Collection<String> names) {
    Map<String, Map<String, ModelInfo>> asked = new LinkedHashMap<>();
    names.forEach(name -> asked.put(name, Map.of()));
    return new Routing(providers, defaultProvider, aliases, policy, asked);
  }

  /** This with what the providers that are asked now say; what others say does not count. */
  Routing withReports(Map<String, List<ModelInfo>> reports) {
    Map<String, Map<String, ModelInfo>> told = new LinkedHashMap<>();
    for (String name : reported.keySet()) {
      Map<String, ModelInfo> models = new LinkedHashMap<>();
      reports.getOrDefault(name, List.of()).forEach(model -> models.put(model.name(), model));
      told.put(name, models);
    }
    return new Routing(providers, defaultProvider, aliases, policy, told);
  }

  /** What is known of a model: the configuration's word, else the provider's; null for nothing. */
  @Nullable ModelInfo modelOf(Target target) {
    ModelInfo configured = policy.modelOf(target);
    ModelInfo told = reportedBy(target.provider()).get(target.model());
    if (told == null) {
      return configured;
    }
    if (configured == null) {
      return told.withPrice(policy.priceOfAny(target.provider()));
    }
    boolean described = !configured.equals(ModelInfo.priced(target.model(), configured.price()));
    return described ? configured : told.withPrice(configured.price());
  }

  /** What a provider says of its models, by name, in its order. */
  Map<String, ModelInfo> reportedBy(String provider) {
    return reported.getOrDefault(provider, Map.of());
  }

  /** Whether a provider takes any model that is addressed to it. */
  boolean open(String provider) {
    return providers.getOrDefault(provider, List.of()).isEmpty() || reported.containsKey(provider);
  }

  /**
   * Every target that answers for a request's model name, in the configured order; empty when none
   * does.
   */
  public List<Target> candidates(String requested) {
    ModelLookup lookup = new ModelLookup(this);
    List<String> alias = aliases.get(requested);
    if (alias != null) {
      return alias.stream().flatMap(name -> lookup.named(name).stream()).distinct().toList();
    }
    return lookup.named(requested);
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
                        + (open(entry.getKey()) ? " (any model)" : " " + entry.getValue()))
            .collect(Collectors.joining(", "));
    return ErrorCode.MODEL_NOT_FOUND.error(
        "no provider answers for model '" + model + "'; configured: " + known);
  }

  /** The error for a provider that {@link #knows} does not know. */
  public PipelineError notConfigured(String provider) {
    return ErrorCode.PROVIDER_UNAVAILABLE.error(
        "provider '" + provider + "' is not configured; configured: " + providers.keySet());
  }
}
