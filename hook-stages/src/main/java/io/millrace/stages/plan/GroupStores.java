package io.millrace.stages.plan;

import io.millrace.schemas.avro.PlanGroup;
import io.millrace.schemas.avro.PlanStore;
import java.util.ArrayList;
import java.util.List;

/** Which stores a group has, and what they are called. */
public final class GroupStores {

  private static final String STATE_PREFIX = "hook-";

  private GroupStores() {}

  /** The state of a hook. The name is the hook's alone, so state outlives a change of groups. */
  public static String stateOf(String hook) {
    return STATE_PREFIX + hook;
  }

  static List<PlannedStore> of(String group, List<PlannedHook> hooks) {
    List<PlannedStore> stores = new ArrayList<>(ofGroup(group));
    hooks.stream()
        .filter(PlannedHook::stateful)
        .map(PlannedHook::name)
        .map(hook -> new PlannedStore(stateOf(hook), "state of " + hook, hook, false))
        .forEach(stores::add);
    return List.copyOf(stores);
  }

  /** Whether a store of a former version held only what the ledger has, too: it may go. */
  static boolean isDerived(PlanGroup group, PlanStore store) {
    return store.getName().equals(group.getName() + "-join-leaders");
  }

  private static List<PlannedStore> ofGroup(String group) {
    return List.of(
        new PlannedStore(group + "-ledger", "open exchanges", null, true),
        new PlannedStore(group + "-finished", "what is over", null, false),
        new PlannedStore(group + "-early-replies", "replies before their request", null, false),
        new PlannedStore(group + "-parked", "exchanges that wait at hooks", null, false));
  }
}
