package io.millrace.stages.plan;

import java.util.ArrayList;
import java.util.List;

/** Which stores a group has, and what they are called. */
public final class GroupStores {

  private static final String STATE_PREFIX = "hook-";
  private static final String OPEN_SUFFIX = "-open";
  private static final String EARLY_SUFFIX = "-early-replies";

  private GroupStores() {}

  /** The state of a hook. The name is the hook's alone, so state outlives a change of groups. */
  public static String stateOf(String hook) {
    return STATE_PREFIX + hook;
  }

  /** What a group other than home has sent on and awaits. */
  public static String openOf(String group) {
    return group + OPEN_SUFFIX;
  }

  /** Replies that reached a group before their request. */
  public static String earlyRepliesOf(String group) {
    return group + EARLY_SUFFIX;
  }

  static List<PlannedStore> of(boolean home, String group, List<PlannedHook> hooks) {
    List<PlannedStore> stores = new ArrayList<>(home ? ofHome() : ofFurther(group));
    hooks.stream()
        .filter(PlannedHook::stateful)
        .map(PlannedHook::name)
        .map(hook -> new PlannedStore(stateOf(hook), "state of " + hook, hook, false))
        .forEach(stores::add);
    return List.copyOf(stores);
  }

  private static List<PlannedStore> ofHome() {
    return List.of(
        new PlannedStore("home-ledger", "open exchanges", null, true),
        new PlannedStore("home-finished", "request ids seen", null, false),
        new PlannedStore("home-early-replies", "replies before their request", null, false));
  }

  private static List<PlannedStore> ofFurther(String group) {
    return List.of(
        new PlannedStore(openOf(group), "exchanges sent on", null, true),
        new PlannedStore(earlyRepliesOf(group), "replies before their request", null, false));
  }
}
