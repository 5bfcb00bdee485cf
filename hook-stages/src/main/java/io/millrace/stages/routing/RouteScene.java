package io.millrace.stages.routing;

import io.millrace.plugin.model.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What requests are routed by at one moment.
 *
 * @param routing who answers for which model
 * @param candidates what is known of each
 */
record RouteScene(Routing routing, Candidates candidates) {

  /** What the request, or else the configuration, wants tried next. */
  List<Target> next(RouteQuestion question, Target target) {
    List<String> names = question.fallbacks();
    if (names.isEmpty()) {
      names = routing.fallbacksOf(question.model(), target);
    }
    if (names.isEmpty()) {
      return List.of();
    }
    Set<Target> next = new LinkedHashSet<>();
    for (String name : names) {
      // One that no provider answers for stays in; settling skips it with an event.
      next.add(routing.resolve(name).orElseGet(() -> new Target(name, "")));
    }
    next.remove(target);
    return List.copyOf(next);
  }

  /**
   * An order that somebody gave is kept, but that who is unwell comes after the others; and who is
   * not there at all does not come before somebody who is.
   */
  RouteDecision chain(Target first, List<Target> next, RouteQuestion question) {
    List<Target> well = new ArrayList<>(next.size() + 1);
    List<Assessment> unwell = new ArrayList<>(0);
    List<Target> unknown = new ArrayList<>(0);
    for (Target target : concat(first, next)) {
      Assessment seen = Screening.health(candidates.of(target), question.context());
      if (!routing.knows(target.provider())) {
        unknown.add(target);
      } else if (seen.usable()) {
        well.add(target);
      } else {
        unwell.add(seen);
      }
    }
    if (well.isEmpty() || unwell.isEmpty()) {
      return new RouteDecision(first, next, List.of(), null, "");
    }
    well.addAll(Screening.leastBad(unwell));
    well.addAll(unknown);
    return new RouteDecision(
        well.getFirst(),
        well.subList(1, well.size()),
        unwell,
        null,
        Reasons.of(well.getFirst(), null, unwell));
  }

  private static List<Target> concat(Target first, List<Target> next) {
    List<Target> all = new ArrayList<>(next.size() + 1);
    all.add(first);
    all.addAll(next);
    return all;
  }
}
