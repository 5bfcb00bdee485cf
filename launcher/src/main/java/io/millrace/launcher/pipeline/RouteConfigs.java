package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.config.ProviderSection;
import io.millrace.launcher.config.ProviderSection.ModelSection;
import io.millrace.launcher.config.ProviderSection.PriceSection;
import io.millrace.launcher.prices.PriceTable;
import io.millrace.plugin.hook.Prices;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.stages.routing.ProviderRank;
import io.millrace.stages.routing.Routing;
import io.millrace.stages.routing.RoutingPolicy;
import io.millrace.workers.ProviderSetting;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the configuration says of providers' models, prices and places. Immutable. */
final class RouteConfigs {

  private static final String BASE_URL = "base_url";

  private final MillraceConfig settings;
  private final PriceTable table = PriceTable.load();

  RouteConfigs(MillraceConfig settings) {
    this.settings = settings;
  }

  /** The providers that take part, in the order of the configuration. */
  Map<String, ProviderSection> providers() {
    Map<String, ProviderSection> enabled = new LinkedHashMap<>();
    settings
        .providers()
        .forEach(
            (name, section) -> {
              if (section.enabled()) {
                enabled.put(name, section);
              }
            });
    return enabled;
  }

  /** Which provider answers for which model. */
  Routing routing(StrategySettings strategies) {
    Map<String, List<String>> models = new LinkedHashMap<>();
    Map<String, ProviderRank> ranks = new HashMap<>();
    providers()
        .forEach(
            (name, section) -> {
              models.put(name, section.models());
              ranks.put(name, new ProviderRank(section.priority(), section.weight()));
            });
    MillraceConfig.Routing routing = settings.routing();
    return new Routing(
            models,
            settings.requests().defaultProvider(),
            settings.models().aliases(),
            new RoutingPolicy(
                strategies.usual(),
                infos(),
                ranks,
                routing.fallbacks(),
                routing.maxFallbacks(),
                strategies.byAlias()))
        .withAsked(discovering());
  }

  /** The providers that are asked for their models. */
  Set<String> discovering() {
    Set<String> names = new LinkedHashSet<>();
    providers()
        .forEach(
            (name, section) -> {
              if (section.discoverModels()) {
                names.add(name);
              }
            });
    return names;
  }

  /** Whether a model may be used: its provider takes part, and nothing says that it is off. */
  boolean enabled(Target target) {
    ProviderSection section = providers().get(target.provider());
    if (section == null) {
      return false;
    }
    ModelSection described = section.modelInfos().get(target.model());
    return described == null || described.enabled();
  }

  /** What models cost, {@link ProviderSetting#ANY_MODEL} for all others of a provider. */
  Map<String, TokenPrice> pricesOf(ProviderSection section) {
    Map<String, TokenPrice> prices = table(section);
    if (section.prices().containsKey(ProviderSetting.ANY_MODEL)) {
      // Whoever prices everything means everything.
      prices.clear();
    }
    section.prices().forEach((model, price) -> prices.put(model, perToken(price)));
    section
        .modelInfos()
        .forEach(
            (model, info) -> {
              if (info.price() != null) {
                prices.put(model, perToken(info.price()));
              }
            });
    return prices;
  }

  /** What hooks are told of prices. */
  Prices prices() {
    Map<String, Map<String, TokenPrice>> all = new HashMap<>();
    providers().forEach((name, section) -> all.put(name, pricesOf(section)));
    return target -> {
      TokenPrice price = find(all.getOrDefault(target.provider(), Map.of()), target.model());
      return price == null ? TokenPrice.FREE : price;
    };
  }

  private Map<String, TokenPrice> table(ProviderSection section) {
    Object address = section.settings().get(BASE_URL);
    return table.of(section.type(), address instanceof String url ? url : null);
  }

  /** Described models, and those of whom only the price is known. */
  private Map<Target, ModelInfo> infos() {
    Map<Target, ModelInfo> infos = new HashMap<>();
    providers()
        .forEach(
            (name, section) -> {
              Map<String, TokenPrice> prices = pricesOf(section);
              for (String model : named(section, prices)) {
                ModelSection described = section.modelInfos().get(model);
                TokenPrice price = find(prices, model);
                infos.put(
                    new Target(name, model),
                    described == null ? ModelInfo.priced(model, price) : info(described, price));
              }
            });
    return infos;
  }

  private static Set<String> named(ProviderSection section, Map<String, TokenPrice> prices) {
    Set<String> names = new LinkedHashSet<>(section.models());
    if (names.isEmpty() || section.discoverModels()) {
      names.addAll(prices.keySet());
    }
    if (!section.discoverModels()) {
      // Of no use where every model is named.
      names.remove(ProviderSetting.ANY_MODEL);
    }
    return names;
  }

  private static @Nullable TokenPrice find(Map<String, TokenPrice> prices, String model) {
    TokenPrice own = prices.get(model);
    return own == null ? prices.get(ProviderSetting.ANY_MODEL) : own;
  }

  private static ModelInfo info(ModelSection model, @Nullable TokenPrice price) {
    return new ModelInfo(
        model.name(),
        model.enabled(),
        model.blocked(),
        model.streaming(),
        model.vision(),
        model.domains(),
        model.accuracy(),
        model.accuracyThreshold(),
        model.latency(),
        model.latencyThreshold(),
        model.maxTokens(),
        model.maxInputTokens(),
        model.maxOutputTokens(),
        model.requestsPerMinute(),
        model.concurrency(),
        model.parametersBillions(),
        price);
  }

  private static TokenPrice perToken(PriceSection price) {
    return new PriceTable.Price(price.input(), price.output(), price.cachedInput()).perToken();
  }
}
