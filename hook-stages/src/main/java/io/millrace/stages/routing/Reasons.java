package io.millrace.stages.routing;

import io.millrace.plugin.model.Target;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Says in one line why a target was chosen. */
final class Reasons {

  private static final String CUT = "...";

  private Reasons() {}

  /** At most {@link RouteDecision#MAX_REASON_CHARACTERS} characters; never empty. */
  static String of(@Nullable Target target, @Nullable String strategy, List<Assessment> all) {
    StringJoiner text = new StringJoiner("; ");
    if (strategy != null) {
      text.add(strategy + " of " + all.stream().filter(Assessment::usable).count() + " candidates");
    }
    for (Assessment seen : all) {
      Exclusion exclusion = seen.exclusion();
      if (exclusion != null) {
        text.add(seen.candidate().target() + " " + exclusion.text());
      } else if (!seen.note().isEmpty() && seen.candidate().target().equals(target)) {
        text.add(seen.candidate().target() + ": " + seen.note());
      }
    }
    return cut(text.toString());
  }

  private static String cut(String text) {
    int most = RouteDecision.MAX_REASON_CHARACTERS;
    return text.length() <= most ? text : text.substring(0, most - CUT.length()) + CUT;
  }
}
