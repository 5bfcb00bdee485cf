package io.millrace.stages.routing;

import io.millrace.plugin.hook.HookEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The strategies in force: one for each alias that names its own, one for all the rest. The
 * strategy of a plugin is created once, whoever names it. Immutable, thread-safe.
 */
final class Rankings implements AutoCloseable {

  private final Ranking usual;
  private final Map<String, Ranking> byAlias;
  private final List<Ranking> all;

  private Rankings(Ranking usual, Map<String, Ranking> byAlias, List<Ranking> all) {
    this.usual = usual;
    this.byAlias = Map.copyOf(byAlias);
    this.all = List.copyOf(all);
  }

  /**
   * Creates the strategies.
   *
   * @param environments by the strategy's name
   * @throws IllegalArgumentException when one refuses its settings; nothing stays open then
   */
  static Rankings create(
      RoutingPolicy policy, Function<String, HookEnvironment> environments, RouteMeters meters) {
    List<Ranking> all = new ArrayList<>();
    Map<StrategySetting, Ranking> created = new HashMap<>();
    Function<StrategySetting, Ranking> factory =
        setting -> {
          Ranking ranking =
              new Ranking(
                  setting.name(),
                  setting.factory().create(setting.config(), environments.apply(setting.name())),
                  meters);
          all.add(ranking);
          return ranking;
        };
    try {
      Ranking usual = created.computeIfAbsent(policy.strategy(), factory);
      Map<String, Ranking> byAlias = new HashMap<>();
      policy
          .aliasStrategies()
          .forEach(
              (alias, setting) -> byAlias.put(alias, created.computeIfAbsent(setting, factory)));
      return new Rankings(usual, byAlias, all);
    } catch (RuntimeException e) {
      all.forEach(Ranking::close);
      throw e;
    }
  }

  /** What ranks the candidates of a request for a model, or for an alias. */
  Ranking of(String model) {
    return byAlias.getOrDefault(model, usual);
  }

  @Override
  public void close() {
    all.forEach(Ranking::close);
  }
}
