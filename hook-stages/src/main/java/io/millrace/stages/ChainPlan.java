package io.millrace.stages;

import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.plan.PlannedHook;
import io.millrace.stages.plan.Planner;
import io.millrace.stages.plan.StagePlan;
import java.util.List;

/** The plan that a configuration leads to. */
public final class ChainPlan {

  private ChainPlan() {}

  /**
   * Plans the configured chain; creates no hook. A hook that is switched off is part of the plan,
   * because it can be switched on while the stages run.
   *
   * @throws IllegalArgumentException for a repeated hook, a dependency that is not met, or a
   *     configuration that a factory refuses
   */
  public static StagePlan of(HookStagesConfig config, TopicCatalogue topics) {
    List<PlannedHook> chain =
        HookOrder.of(config.hooks()).stream()
            .map(setting -> PlannedHook.of(setting.name(), setting.descriptor()))
            .toList();
    return Planner.plan(chain, config.homeScope(), topics);
  }

  /** The plan of hooks that exist. */
  static StagePlan of(HookChain chain, HomeScope homeScope, TopicCatalogue topics) {
    return Planner.plan(
        chain.hooks().stream()
            .map(active -> PlannedHook.of(active.name(), active.descriptor()))
            .toList(),
        homeScope,
        topics);
  }
}
