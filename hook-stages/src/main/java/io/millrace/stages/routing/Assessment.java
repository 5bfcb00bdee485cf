package io.millrace.stages.routing;

import io.millrace.plugin.routing.Candidate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One candidate as it was seen for one request.
 *
 * @param candidate what is known of it
 * @param exclusion why it is passed over; null where it is not
 * @param note what the strategy says of it, or why it is unwell; may be empty
 */
public record Assessment(Candidate candidate, @Nullable Exclusion exclusion, String note) {

  /** Checks. */
  public Assessment {
    Objects.requireNonNull(candidate, "candidate");
    Objects.requireNonNull(note, "note");
  }

  boolean usable() {
    return exclusion == null;
  }

  Assessment excludedBy(Exclusion reason) {
    return new Assessment(candidate, reason, note);
  }

  Assessment withNote(String text) {
    return new Assessment(candidate, exclusion, text);
  }
}
