package io.millrace.stages.routing;

import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
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
   * An order that somebody gave is kept, but that who is unwell comes after the others; and a
   * fallback that will be skipped, since it is not there, is blocked or is not the sender's to use,
   * does not come before somebody who can answer.
   */
  RouteDecision chain(
      Target first, List<Target> next, RouteQuestion question, Screening screening) {
    List<Target> well = new ArrayList<>(next.size() + 1);
    List<Assessment> unwell = new ArrayList<>(0);
    List<Target> skipped = new ArrayList<>(0);
    for (Target target : concat(first, next)) {
      Candidate candidate = candidates.of(target);
      Assessment seen = Screening.health(candidate, question.context());
      boolean fallback = !target.equals(first);
      if (!routing.knows(target.provider())
          || (fallback && screening.bars(candidate, question.context()))) {
        skipped.add(target);
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
    well.addAll(skipped);
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
