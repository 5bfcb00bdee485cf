package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.config.ProviderSection;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.health.ProviderOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One model of a configured provider, as operators see it; a row without a model stands for a
 * provider that takes any model and was not called lately.
 *
 * @param keys how many it has
 * @param model as the provider names it; empty for any
 * @param health what analytics found; empty when nothing is known
 * @param block the order that blocks it, or its whole provider
 */
public record ProviderRow(
    String provider,
    String type,
    int keys,
    int maxInFlight,
    String model,
    Optional<ProviderHealth> health,
    Optional<Control> block) {

  /** The rows of all configured providers, in the order of the configuration. */
  public static List<ProviderRow> of(MillraceConfig config, ProviderSnapshot snapshot) {
    List<ProviderRow> rows = new ArrayList<>();
    config
        .providers()
        .forEach(
            (name, section) ->
                models(name, section, snapshot)
                    .forEach(model -> rows.add(row(name, section, model, snapshot))));
    return rows;
  }

  private static Set<String> models(
      String name, ProviderSection section, ProviderSnapshot snapshot) {
    Set<String> models = new TreeSet<>(section.models());
    snapshot.health().values().stream()
        .filter(health -> health.getProvider().equals(name))
        .forEach(health -> models.add(health.getModel()));
    snapshot.blocked().keySet().stream()
        .filter(order -> order.provider().equals(name))
        .flatMap(order -> Optional.ofNullable(order.model()).stream())
        .forEach(models::add);
    return models.isEmpty() ? Set.of("") : models;
  }

  private static ProviderRow row(
      String name, ProviderSection section, String model, ProviderSnapshot snapshot) {
    return new ProviderRow(
        name,
        section.type(),
        section.keys().size(),
        section.maxInFlight(),
        model,
        Optional.ofNullable(snapshot.health().get(ProviderHealthTable.key(name, model))),
        block(name, model, snapshot));
  }

  private static Optional<Control> block(String name, String model, ProviderSnapshot snapshot) {
    return Optional.ofNullable(snapshot.blocked().get(new ProviderOrder(name, null)))
        .or(
            () ->
                model.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(snapshot.blocked().get(new ProviderOrder(name, model))));
  }
}
