package io.millrace.stages.hooks.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an attempt has reserved of one budget, as its PreHook notes it for its PostHook: {@code
 * name@period=nanos}. It is settled in the period in which it was reserved.
 *
 * @param budget the budget's name
 * @param periodId which period
 * @param nanos how much
 */
record Hold(String budget, String periodId, long nanos) {

  @Override
  public String toString() {
    return budget + "@" + periodId + "=" + nanos;
  }

  static String text(List<Hold> holds) {
    return String.join(";", holds.stream().map(Hold::toString).toList());
  }

  /** Reads a note; none says that nothing was reserved. */
  static List<Hold> of(Optional<String> note) {
    List<Hold> holds = new ArrayList<>();
    for (String part : note.map(text -> text.split(";")).orElseGet(() -> new String[0])) {
      int at = part.indexOf('@');
      int equals = part.indexOf('=');
      holds.add(
          new Hold(
              part.substring(0, at),
              part.substring(at + 1, equals),
              Long.parseLong(part.substring(equals + 1))));
    }
    return holds;
  }
}
