package io.millrace.stages;

import io.millrace.plugin.hook.Prices;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Configurations of stages on a broker: one thread, and else the defaults. */
final class StageConfigs {

  private StageConfigs() {}

  /** Stages of a pipeline of its own. */
  static HookStagesConfig of(
      TopicCatalogue topics, Path stateDir, Duration commitInterval, List<HookSetting> hooks) {
    HookStagesConfig defaults = HookStagesConfig.defaults(stateDir);
    return new HookStagesConfig(
        topics.prefix() + "home",
        defaults.stateDir(),
        defaults.homeScope(),
        1,
        defaults.dedupWindow(),
        commitInterval,
        0,
        hooks,
        defaults.routing(),
        false,
        defaults.replyTopics(),
        defaults.maxParkedPerTenant(),
        defaults.deployment(),
        Prices.FREE);
  }

  /** The same, committing as often as stages do by default. */
  static HookStagesConfig of(TopicCatalogue topics, Path stateDir, List<HookSetting> hooks) {
    return of(topics, stateDir, HookStagesConfig.defaults(stateDir).commitInterval(), hooks);
  }
}
