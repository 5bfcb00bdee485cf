package io.millrace.stages.routing;

import io.millrace.plugin.model.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the targets of a name: {@code provider/model}, a bare model or {@code auto}.
 *
 * @param routing which providers answer for which models
 */
record ModelLookup(Routing routing) {

  /** Of a provider's own list, {@code auto} takes the first models only: each is looked at. */
  static final int MAX_REPORTED_FOR_AUTO = 50;

  private static final String AUTO = "auto";

  /** Every target that answers for a name that is no alias, in the configured order. */
  List<Target> named(String model) {
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
    addModels(routing.defaultProvider(), targets);
    if (targets.isEmpty()
        && routing.providers().getOrDefault(routing.defaultProvider(), List.of()).isEmpty()) {
      targets.add(new Target(routing.defaultProvider(), Routing.UNNAMED_MODEL));
    }
    routing.providers().keySet().forEach(provider -> addModels(provider, targets));
    return List.copyOf(targets);
  }

  private void addModels(String provider, Set<Target> targets) {
    for (String model : routing.providers().getOrDefault(provider, List.of())) {
      addEnabled(new Target(provider, model), targets);
    }
    routing.reportedBy(provider).keySet().stream()
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
    return routing.knows(provider)
            && (routing.open(provider)
                || configured(provider, target.model())
                || reported(provider, target.model()))
            && routing.policy().enabled(target)
        ? List.of(target)
        : List.of();
  }

  private boolean configured(String provider, String model) {
    return routing.providers().getOrDefault(provider, List.of()).contains(model);
  }

  private boolean reported(String provider, String model) {
    return routing.reportedBy(provider).containsKey(model);
  }

  /**
   * Who has a model of this name. A name that addresses a configured provider is another's only
   * where the configuration says so: what somebody reports must not get requests that are meant for
   * a model that is switched off.
   */
  private List<Target> listed(String model) {
    boolean addressed = routing.knows(model.substring(0, Math.max(0, model.indexOf('/'))));
    List<Target> targets = new ArrayList<>(1);
    for (String provider : routing.providers().keySet()) {
      if (configured(provider, model) || (!addressed && reported(provider, model))) {
        addEnabled(new Target(provider, model), targets);
      }
    }
    return targets;
  }

  private void addEnabled(Target target, Collection<Target> targets) {
    if (routing.policy().enabled(target)) {
      targets.add(target);
    }
  }

  private List<Target> unlisted(String model) {
    Target target = new Target(routing.defaultProvider(), model);
    return model.indexOf('/') < 0
            && routing.open(routing.defaultProvider())
            && routing.policy().enabled(target)
        ? List.of(target)
        : List.of();
  }
}
