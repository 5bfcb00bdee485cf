package io.millrace.stages.routing;

import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.ModelInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one of several targets is chosen. Immutable.
 *
 * @param strategy what ranks them
 * @param models what is known of models beforehand
 * @param ranks places of providers; those that are not here have {@link ProviderRank#DEFAULT}
 * @param fallbacks what is tried next for a model that a pattern names, where the request says
 *     nothing; the first pattern that matches counts. {@code *} stands for any characters
 * @param maxFallbacks how many of the remaining candidates become fallbacks, 0 to 10
 * @param aliasStrategies what ranks the targets of aliases that name a strategy of their own
 */
public record RoutingPolicy(
    StrategySetting strategy,
    Map<Target, ModelInfo> models,
    Map<String, ProviderRank> ranks,
    Map<String, List<String>> fallbacks,
    int maxFallbacks,
    Map<String, StrategySetting> aliasStrategies) {

  /** In {@code models}: what all models of a provider cost that are not there themselves. */
  public static final String ANY_MODEL = "*";

  /** How many of the remaining candidates become fallbacks by default. */
  public static final int DEFAULT_MAX_FALLBACKS = 3;

  /** The most that may be configured. */
  public static final int MOST_FALLBACKS = 10;

  /** By priority, and nothing is known of anybody. */
  public static final RoutingPolicy DEFAULT =
      new RoutingPolicy(
          StrategySetting.of("priority"), Map.of(), Map.of(), Map.of(), DEFAULT_MAX_FALLBACKS);

  /** Checks the bound and copies the collections, keeping the order of the patterns. */
  public RoutingPolicy {
    Objects.requireNonNull(strategy, "strategy");
    models = Map.copyOf(models);
    ranks = Map.copyOf(ranks);
    aliasStrategies = Map.copyOf(aliasStrategies);
    Map<String, List<String>> copy = new LinkedHashMap<>();
    fallbacks.forEach((pattern, targets) -> copy.put(pattern, List.copyOf(targets)));
    fallbacks = Collections.unmodifiableMap(copy);
    if (maxFallbacks < 0 || maxFallbacks > MOST_FALLBACKS) {
      throw new IllegalArgumentException(
          "maxFallbacks must be 0 to %d, is %d".formatted(MOST_FALLBACKS, maxFallbacks));
    }
  }

  /** With one strategy for all. */
  public RoutingPolicy(
      StrategySetting strategy,
      Map<Target, ModelInfo> models,
      Map<String, ProviderRank> ranks,
      Map<String, List<String>> fallbacks,
      int maxFallbacks) {
    this(strategy, models, ranks, fallbacks, maxFallbacks, Map.of());
  }

  /** What models of a provider cost that nothing else is known of; null where nobody said. */
  @Nullable TokenPrice priceOfAny(String provider) {
    ModelInfo any = models.get(new Target(provider, ANY_MODEL));
    return any == null ? null : any.price();
  }

  /** What is known of a model beforehand; null where nothing is. */
  public @Nullable ModelInfo modelOf(Target target) {
    return models.get(target);
  }

  ProviderRank rankOf(String provider) {
    return ranks.getOrDefault(provider, ProviderRank.DEFAULT);
  }

  /** Whether a target may be used at all. */
  boolean enabled(Target target) {
    ModelInfo info = models.get(target);
    return info == null || info.enabled();
  }
}
