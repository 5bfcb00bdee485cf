package io.millrace.stages.plan;

import io.millrace.schemas.avro.PlanGroup;
import io.millrace.schemas.avro.PlanStore;
import io.millrace.schemas.avro.RunningPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the data of one plan would lose under another. Hooks without state may come and go, stateful
 * hooks and whole groups may be added: an exchange that is under way names the hooks it saw, and
 * finds them. Pure.
 */
final class PlanComparison {

  private final RunningPlan former;
  private final RunningPlan now;
  private final List<String> conflicts = new ArrayList<>();

  private PlanComparison(RunningPlan former, RunningPlan now) {
    this.former = former;
    this.now = now;
  }

  /** One sentence for each thing that would be lost or stranded; empty where nothing would. */
  static List<String> conflicts(RunningPlan former, RunningPlan now) {
    PlanComparison comparison = new PlanComparison(former, now);
    for (PlanGroup group : former.getGroups()) {
      comparison.compare(group, find(now, group.getName()));
    }
    comparison.compareOrder();
    return List.copyOf(comparison.conflicts);
  }

  private void compare(PlanGroup before, @Nullable PlanGroup after) {
    if (after == null) {
      conflicts.add(
          "group '%s' is gone: exchanges on %s and %s would never be finished%s"
              .formatted(
                  before.getName(),
                  before.getRequestsTopic(),
                  before.getRepliesTopic(),
                  whereItsStatesAre(before)));
      return;
    }
    compareKeys(before, after);
    for (PlanStore store : before.getStores()) {
      if (!storeNames(after).contains(store.getName()) && !GroupStores.isDerived(before, store)) {
        conflicts.add(goneFrom(before, store));
      }
    }
  }

  private void compareKeys(PlanGroup before, PlanGroup after) {
    String name = before.getName();
    if (!before.getKey().equals(after.getKey())) {
      conflicts.add(
          "group '%s' was keyed by %s and would be keyed by %s: its stores %s would be looked for in other partitions"
              .formatted(name, before.getKey(), after.getKey(), storeNames(before)));
    }
    if (before.getPartitions() != after.getPartitions()) {
      conflicts.add(
          "group '%s' had %d partitions and would have %d: topics that exist keep theirs, and keys would move between partitions"
              .formatted(name, before.getPartitions(), after.getPartitions()));
    }
    if (!before.getApplicationId().equals(after.getApplicationId())) {
      conflicts.add(
          "group '%s' ran in application %s and would run in %s, which begins with empty stores: %s would be left behind"
              .formatted(
                  name, before.getApplicationId(), after.getApplicationId(), storeNames(before)));
    }
  }

  private String goneFrom(PlanGroup group, PlanStore store) {
    String hook = store.getHook();
    if (hook == null) {
      return "store '%s' is gone from group '%s': exchanges in it would never be finished"
          .formatted(store.getName(), group.getName());
    }
    return groupOf(now, hook)
        .map(
            other ->
                "hook '%s' moves from group '%s' to group '%s': its state is read there, but an exchange that saw it before would pass it by on the way back"
                    .formatted(hook, group.getName(), other.getName()))
        .orElse(
            "stateful hook '%s' is gone from group '%s': its store '%s' would be left behind"
                .formatted(hook, group.getName(), store.getName()));
  }

  private String whereItsStatesAre(PlanGroup before) {
    String states =
        before.getStores().stream()
            .filter(store -> store.getHook() != null && !hasStore(now, store.getName()))
            .map(PlanStore::getName)
            .collect(Collectors.joining(", "));
    return states.isEmpty() ? "" : ", and " + states + " would be left behind";
  }

  /** Between two groups that change places, exchanges would pass one twice or not at all. */
  private void compareOrder() {
    List<String> kept = new ArrayList<>(names(former));
    kept.retainAll(names(now));
    List<String> found = new ArrayList<>(names(now));
    found.retainAll(kept);
    if (!kept.equals(found)) {
      conflicts.add(
          "the groups came in the order %s and would come in the order %s: exchanges between them would pass one twice or not at all"
              .formatted(kept, found));
    }
  }

  private static @Nullable PlanGroup find(RunningPlan plan, String name) {
    return plan.getGroups().stream()
        .filter(group -> group.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static Optional<PlanGroup> groupOf(RunningPlan plan, String hook) {
    return plan.getGroups().stream()
        .filter(
            group ->
                group.getStores().stream().anyMatch(store -> Objects.equals(store.getHook(), hook)))
        .findFirst();
  }

  private static boolean hasStore(RunningPlan plan, String store) {
    return plan.getGroups().stream().anyMatch(group -> storeNames(group).contains(store));
  }

  private static List<String> names(RunningPlan plan) {
    return plan.getGroups().stream().map(PlanGroup::getName).toList();
  }

  private static List<String> storeNames(PlanGroup group) {
    return group.getStores().stream().map(PlanStore::getName).toList();
  }
}
