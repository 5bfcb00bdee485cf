package io.millrace.stages.plan;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A state store of a group. Immutable.
 *
 * @param name unique in a plan
 * @param content what it keeps, in a few words for people
 * @param hook whose state it is; null for the group's own
 * @param holdsExchanges whether an entry stands for an exchange that is under way
 */
public record PlannedStore(
    String name, String content, @Nullable String hook, boolean holdsExchanges) {

  /** Checks that nothing else is null. */
  public PlannedStore {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(content, "content");
  }
}
