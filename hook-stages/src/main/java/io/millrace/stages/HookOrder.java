package io.millrace.stages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts hooks in their order and checks what they depend on (hook contract, H2). */
final class HookOrder {

  private HookOrder() {}

  /**
   * The settings in the order in which they run: lower {@code order} first, then as listed.
   *
   * @throws IllegalArgumentException for a name that is there twice, and for a dependency that is
   *     missing, circular or placed after: names both hooks
   */
  static List<HookSetting> of(List<HookSetting> listed) {
    Set<String> names = new HashSet<>();
    for (HookSetting setting : listed) {
      if (!names.add(setting.name())) {
        throw new IllegalArgumentException("hook '" + setting.name() + "' is listed twice");
      }
    }
    List<HookSetting> ordered = new ArrayList<>(listed);
    ordered.sort(Comparator.comparingInt(HookOrder::orderOf));
    checkDependencies(ordered);
    return List.copyOf(ordered);
  }

  private static int orderOf(HookSetting setting) {
    Integer configured = setting.order();
    return configured != null ? configured : setting.descriptor().order();
  }

  private static void checkDependencies(List<HookSetting> ordered) {
    Map<String, HookSetting> byName = new LinkedHashMap<>();
    ordered.forEach(setting -> byName.put(setting.name(), setting));
    for (HookSetting setting : ordered) {
      for (String needed : setting.descriptor().dependsOn()) {
        if (!byName.containsKey(needed)) {
          throw new IllegalArgumentException(
              "hook '%s' depends on hook '%s', which is not in the chain %s; add it or take '%s' out"
                  .formatted(setting.name(), needed, byName.keySet(), setting.name()));
        }
      }
    }
    ordered.forEach(setting -> refuseCircle(setting, byName, new LinkedHashSet<>()));
    checkPlaces(ordered);
  }

  private static void refuseCircle(
      HookSetting setting, Map<String, HookSetting> byName, Set<String> path) {
    if (!path.add(setting.name())) {
      List<String> circle = new ArrayList<>(path);
      circle.subList(0, circle.indexOf(setting.name())).clear();
      circle.add(setting.name());
      throw new IllegalArgumentException(
          "hooks '%s' and '%s' depend on each other: %s; one of them has to do without the other"
              .formatted(
                  circle.getFirst(), circle.get(circle.size() - 2), String.join(" → ", circle)));
    }
    for (String needed : setting.descriptor().dependsOn()) {
      HookSetting next = byName.get(needed);
      if (next != null) {
        refuseCircle(next, byName, path);
      }
    }
    path.remove(setting.name());
  }

  private static void checkPlaces(List<HookSetting> ordered) {
    Set<String> before = new HashSet<>();
    for (HookSetting setting : ordered) {
      for (String needed : setting.descriptor().dependsOn()) {
        if (!before.contains(needed)) {
          throw new IllegalArgumentException(
              "hook '%s' depends on hook '%s', which comes after it; list '%s' first or give it a lower order"
                  .formatted(setting.name(), needed, needed));
        }
      }
      before.add(setting.name());
    }
  }
}
