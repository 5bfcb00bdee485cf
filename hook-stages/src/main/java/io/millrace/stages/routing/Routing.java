package io.millrace.stages.routing;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.provider.ModelInfo;
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

  /** Of a provider's own list, {@code auto} takes the first models only: each is looked at. */
  static final int MAX_REPORTED_FOR_AUTO = 50;

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

  private Map<String, ModelInfo> reportedBy(String provider) {
    return reported.getOrDefault(provider, Map.of());
  }

  /** Whether a provider takes any model that is addressed to it. */
  private boolean open(String provider) {
    return providers.getOrDefault(provider, List.of()).isEmpty() || reported.containsKey(provider);
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
    if (targets.isEmpty() && providers.getOrDefault(defaultProvider, List.of()).isEmpty()) {
      targets.add(new Target(defaultProvider, ANY_MODEL));
    }
    providers.keySet().forEach(provider -> addModels(provider, targets));
    return List.copyOf(targets);
  }

  private void addModels(String provider, Set<Target> targets) {
    for (String model : providers.getOrDefault(provider, List.of())) {
      addEnabled(new Target(provider, model), targets);
    }
    reportedBy(provider).keySet().stream()
        .limit(MAX_REPORTED_FOR_AUTO)
        .forEach(model -> addEnabled(new Target(provider, model), targets));
  }

  private List<Target> addressed(String model) {
    int slash = model.indexOf('/');
    if (slash < 1 || slash == model.length() - 1) {
      return List.of();
    }
    String provider = model.substring(0, slash);
    Target target = new Target(provider, model.substring(slash + 1));
    return knows(provider)
            && (open(provider) || lists(provider, target.model()))
            && policy.enabled(target)
        ? List.of(target)
        : List.of();
  }

  private boolean lists(String provider, String model) {
    return providers.getOrDefault(provider, List.of()).contains(model)
        || reportedBy(provider).containsKey(model);
  }

  private List<Target> listed(String model) {
    List<Target> targets = new ArrayList<>(1);
    for (String provider : providers.keySet()) {
      if (lists(provider, model)) {
        addEnabled(new Target(provider, model), targets);
      }
    }
    return targets;
  }

  private void addEnabled(Target target, Collection<Target> targets) {
    if (policy.enabled(target)) {
      targets.add(target);
    }
  }

  private List<Target> unlisted(String model) {
    Target target = new Target(defaultProvider, model);
    return model.indexOf('/') < 0 && open(defaultProvider) && policy.enabled(target)
        ? List.of(target)
        : List.of();
  }
}
