package io.millrace.stages;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.ShortSessions;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.hooks.budget.BudgetHookFactory;
import io.millrace.stages.hooks.ratelimit.RateLimitHookFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One instance of the stages with limits and budgets, as a process of its own: to be killed. */
final class LimitedStageMain {

  /** Every tenant's requests in any second. */
  static final int LIMIT = 10;

  /** Every tenant's money, in nano-dollars; an answer costs 7, and 10 at most. */
  static final int BUDGET_NANOS = 300;

  static final int PARTITIONS = 4;

  private LimitedStageMain() {}

  /** Takes bootstrap servers, the registry's URL, the topics' prefix and a folder. */
  public static void main(String[] arguments) throws Exception {
    TopicCatalogue topics = new TopicCatalogue(arguments[2], PARTITIONS);
    HookStages stages =
        HookStages.start(
            config(topics, Path.of(arguments[3])),
            ShortSessions.over(arguments[0], arguments[1]),
            topics,
            new SimpleMeterRegistry());
    Runtime.getRuntime().addShutdownHook(new Thread(stages::close));
    // The parent's end is this one's too.
    int end = System.in.read();
    System.exit(end > 0 ? 1 : 0);
  }

  static HookStagesConfig config(TopicCatalogue topics, Path folder) {
    return StageConfigs.of(
        topics,
        folder,
        Duration.ofMillis(50),
        List.of(
            setting(
                "rate-limit",
                new RateLimitHookFactory(),
                Map.of(
                    "limits",
                    List.of(
                        Map.of(
                            "name", "second",
                            "limit", LIMIT,
                            "per", "1s",
                            "algorithm", "sliding_window",
                            "on_limit", "wait")))),
            setting(
                "budget",
                new BudgetHookFactory(),
                Map.of(
                    "default_max_tokens",
                    10,
                    "budgets",
                    List.of(Map.of("period", "total", "limit_usd", "0.000000300"))))),
        target -> new TokenPrice(0, 1));
  }

  private static HookSetting setting(String name, HookFactory factory, Map<String, Object> config) {
    return new HookSetting(name, factory, null, null, true, config);
  }
}
