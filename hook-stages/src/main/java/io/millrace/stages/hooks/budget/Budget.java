package io.millrace.stages.hooks.budget;

import io.millrace.stages.hooks.quota.Dimension;
import io.millrace.stages.hooks.quota.Selector;
import io.millrace.stages.hooks.quota.Subject;

/**
 * One configured budget. Immutable.
 *
 * @param level what has it for itself: the tenant, each team, or each key
 * @param period how long it is for
 * @param match whom it is for
 * @param limitNanos the most that is spent
 * @param warnNanos from where on there is a warning
 */
record Budget(Dimension level, Period period, Selector match, long limitNanos, long warnNanos) {

  /** What budgets of this level and period are called, in state and events. */
  String name() {
    return nameOf(level, period);
  }

  static String nameOf(Dimension level, Period period) {
    return level.configName() + "-" + period.configName();
  }

  /** Whom of this level a subject is; empty where it is nobody. */
  String owner(Subject subject) {
    return subject.value(level);
  }

  boolean isFor(Subject subject) {
    return !owner(subject).isEmpty() && match.matches(subject);
  }
}
