package io.millrace.stages;

import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.plan.PlannedHook;
import io.millrace.stages.plan.Planner;
import io.millrace.stages.plan.StagePlan;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The plan that a configuration leads to. */
public final class ChainPlan {

  private ChainPlan() {}

  /**
   * Plans the configured chain; creates no hook. A hook that is switched off is part of the plan,
   * because it can be switched on while the stages run.
   *
   * @throws IllegalArgumentException for a repeated hook, or one that refuses its configuration
   */
  public static StagePlan of(HookStagesConfig config, TopicCatalogue topics) {
    List<PlannedHook> chain =
        config.hooks().stream()
            .sorted(Comparator.comparingInt(ChainPlan::order))
            .map(
                setting ->
                    PlannedHook.of(setting.name(), setting.factory().descriptor(setting.config())))
            .toList();
    return Planner.plan(chain, config.homeScope(), topics);
  }

  private static int order(HookSetting setting) {
    return Objects.requireNonNullElseGet(
        setting.order(), () -> setting.factory().descriptor(setting.config()).order());
  }
}
