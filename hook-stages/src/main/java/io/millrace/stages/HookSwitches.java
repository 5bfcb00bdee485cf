package io.millrace.stages;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which hooks new attempts go through (hook contract, H7). Thread-safe; reading never waits. */
final class HookSwitches {

  /** What was ordered for a hook. */
  enum Position {
    /** New attempts go through it. */
    ON,
    /** New attempts pass it by. */
    OFF,
    /** As its setting says. */
    AS_CONFIGURED
  }

  private final Set<String> offByDefault;
  private final Map<String, Position> orders = new HashMap<>();
  private volatile Set<String> off;

  /**
   * Switches as the configuration has them.
   *
   * @param offByDefault hooks that take no part unless ordered
   */
  HookSwitches(Set<String> offByDefault) {
    this.offByDefault = Set.copyOf(offByDefault);
    this.off = this.offByDefault;
  }

  boolean isOn(String hook) {
    return !off.contains(hook);
  }

  /** Follows an order; whether that changed anything. */
  synchronized boolean put(String hook, Position position) {
    boolean before = isOn(hook);
    orders.put(hook, position);
    Set<String> now = new HashSet<>(offByDefault);
    orders.forEach(
        (name, ordered) -> {
          switch (ordered) {
            case ON -> now.remove(name);
            case OFF -> now.add(name);
            case AS_CONFIGURED -> {}
          }
        });
    off = Set.copyOf(now);
    return before != isOn(hook);
  }
}
