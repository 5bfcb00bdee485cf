package io.millrace.stages;

import io.millrace.plugin.hook.Prices;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.plan.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Configurations of stages on a broker, for a pipeline of its own: the defaults, but for this. */
final class StageConfigs {

  private StageConfigs() {}

  /** One thread that commits as often as told, and prices. */
  static HookStagesConfig of(
      TopicCatalogue topics,
      Path stateDir,
      Duration commitInterval,
      List<HookSetting> hooks,
      Prices prices) {
    HookStagesConfig defaults = HookStagesConfig.defaults(stateDir);
    return of(defaults, topics, 1, commitInterval, hooks, Deployment.FUSED, prices);
  }

  /** One thread that commits as often as told. */
  static HookStagesConfig of(
      TopicCatalogue topics, Path stateDir, Duration commitInterval, List<HookSetting> hooks) {
    return of(topics, stateDir, commitInterval, hooks, Prices.FREE);
  }

  /** One thread. */
  static HookStagesConfig of(TopicCatalogue topics, Path stateDir, List<HookSetting> hooks) {
    return of(topics, stateDir, HookStagesConfig.defaults(stateDir).commitInterval(), hooks);
  }

  /** As many threads as by default, and groups deployed as told. */
  static HookStagesConfig deployed(
      TopicCatalogue topics, Path stateDir, List<HookSetting> hooks, Deployment deployment) {
    HookStagesConfig defaults = HookStagesConfig.defaults(stateDir);
    return of(
        defaults,
        topics,
        defaults.streamThreads(),
        defaults.commitInterval(),
        hooks,
        deployment,
        Prices.FREE);
  }

  private static HookStagesConfig of(
      HookStagesConfig defaults,
      TopicCatalogue topics,
      int threads,
      Duration commitInterval,
      List<HookSetting> hooks,
      Deployment deployment,
      Prices prices) {
    return new HookStagesConfig(
        topics.prefix() + "home",
        defaults.stateDir(),
        defaults.homeScope(),
        threads,
        defaults.dedupWindow(),
        commitInterval,
        defaults.standbyReplicas(),
        hooks,
        defaults.routing(),
        defaults.jsonMirror(),
        defaults.replyTopics(),
        defaults.maxParkedPerTenant(),
        deployment,
        prices);
  }
}
