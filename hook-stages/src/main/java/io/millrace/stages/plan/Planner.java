package io.millrace.stages.plan;

import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Cuts a chain of hooks into stage groups: hooks join the group before them where its key suits
 * them, and begin a group of their own where it does not. The first group is home. A hook without a
 * scope suits everywhere; a hook with its own key always begins a group. Pure.
 */
public final class Planner {

  private final TopicCatalogue topics;
  private final List<StageGroup> groups = new ArrayList<>();
  private final List<PlannedHook> current = new ArrayList<>();
  private String name = TopicCatalogue.HOME;
  private GroupKey key;

  private Planner(HomeScope homeScope, TopicCatalogue topics) {
    this.key = GroupKey.of(homeScope);
    this.topics = topics;
  }

  /**
   * The plan of a chain.
   *
   * @param chain the hooks in the order in which their PreHooks run; no name twice
   * @param homeScope the key of the home group
   * @param topics names and partitions of the groups' topics
   * @throws IllegalArgumentException for a repeated name
   */
  public static StagePlan plan(
      List<PlannedHook> chain, HomeScope homeScope, TopicCatalogue topics) {
    requireUniqueNames(chain);
    Planner planner = new Planner(homeScope, topics);
    for (PlannedHook hook : chain) {
      if (!planner.key.suits(hook.scope())) {
        planner.begin(hook);
      }
      planner.current.add(hook);
    }
    planner.end();
    return new StagePlan(planner.groups);
  }

  private void begin(PlannedHook hook) {
    end();
    key = GroupKey.begunBy(hook.scope());
    name = key.word() + "-" + hook.name();
  }

  private void end() {
    groups.add(
        new StageGroup(
            name,
            key,
            current,
            topics.stageRequests(name),
            topics.stageReplies(name),
            topics.stageOperations(name),
            GroupStores.of(name, current)));
    current.clear();
  }

  private static void requireUniqueNames(List<PlannedHook> chain) {
    Set<String> names = new HashSet<>();
    for (PlannedHook hook : chain) {
      if (!names.add(hook.name())) {
        throw new IllegalArgumentException("hook '" + hook.name() + "' is in the chain twice");
      }
    }
  }
}
