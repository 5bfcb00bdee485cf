package io.millrace.stages.plan;

import java.util.List;
import java.util.Optional;

/**
 * The stage groups in the order in which an exchange passes them; outcomes pass them in reverse.
 * Immutable.
 *
 * @param groups at least the home group, which is the first
 */
public record StagePlan(List<StageGroup> groups) {

  /** Copies the list and checks that it begins at home. */
  public StagePlan {
    groups = List.copyOf(groups);
    if (groups.isEmpty() || !groups.getFirst().home()) {
      throw new IllegalArgumentException("a plan begins with the home group, not with " + groups);
    }
  }

  /** The group that owns exchanges from acceptance to result. */
  public StageGroup home() {
    return groups.getFirst();
  }

  /** The groups beyond home, in order. */
  public List<StageGroup> further() {
    return groups.subList(1, groups.size());
  }

  /** Names of all groups, in order. */
  public List<String> groupNames() {
    return groups.stream().map(StageGroup::name).toList();
  }

  /** The group that an exchange enters when it leaves this one; none leads to the providers. */
  public Optional<StageGroup> after(StageGroup group) {
    int next = groups.indexOf(group) + 1;
    return next < groups.size() ? Optional.of(groups.get(next)) : Optional.empty();
  }
}
