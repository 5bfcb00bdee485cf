package io.millrace.stages.hooks.ratelimit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an attempt took of each limit, as its PreHook notes it for its PostHook, wherever that runs:
 * {@code name=amount@time} joined by semicolons.
 */
final class Grants {

  private Grants() {}

  /**
   * What was taken of one limit.
   *
   * @param limit its name
   * @param amount how much
   * @param takenAtMillis what {@link Limiter#take} returned
   */
  record Grant(String limit, long amount, long takenAtMillis) {
    @Override
    public String toString() {
      return limit + "=" + amount + "@" + takenAtMillis;
    }
  }

  static String text(List<Grant> grants) {
    return String.join(";", grants.stream().map(Grant::toString).toList());
  }

  /** Reads a note; none says that nothing was taken. */
  static List<Grant> of(Optional<String> note) {
    List<Grant> grants = new ArrayList<>();
    for (String part : note.filter(text -> !text.isEmpty()).map(t -> t.split(";")).orElse(NONE)) {
      int equals = part.indexOf('=');
      int at = part.indexOf('@');
      grants.add(
          new Grant(
              part.substring(0, equals),
              Long.parseLong(part.substring(equals + 1, at)),
              Long.parseLong(part.substring(at + 1))));
    }
    return grants;
  }

  private static final String[] NONE = {};
}
