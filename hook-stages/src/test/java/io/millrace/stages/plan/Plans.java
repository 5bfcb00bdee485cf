package io.millrace.stages.plan;

import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Chains to plan. */
final class Plans {

  static final TopicCatalogue TOPICS = new TopicCatalogue("millrace.", 4);

  /** As the default chain is. */
  static final List<PlannedHook> DEFAULT =
      List.of(
          plain("logging", Scope.NONE),
          plain("metrics", Scope.NONE),
          plain("auth", Scope.NONE),
          stateful("rate-limit", Scope.TENANT),
          stateful("budget", Scope.TENANT),
          stateful("cache", Scope.TENANT));

  /** One hook of every scope, and neighbours that fuse. */
  static final List<PlannedHook> MIXED =
      List.of(
          plain("logging", Scope.NONE),
          stateful("auth", Scope.TENANT),
          stateful("budget", Scope.TENANT),
          stateful("shared-cache", Scope.CONTENT),
          plain("metrics", Scope.NONE),
          stateful("quota", Scope.PROVIDER),
          new PlannedHook("moderation", Scope.NONE, false, true));

  private Plans() {}

  static PlannedHook plain(String name, Scope scope) {
    return new PlannedHook(name, scope, false, false);
  }

  static PlannedHook stateful(String name, Scope scope) {
    return new PlannedHook(name, scope, true, false);
  }

  static StagePlan plan(HomeScope homeScope, List<PlannedHook> chain) {
    return Planner.plan(chain, homeScope, TOPICS);
  }

  static PlanView view(List<PlannedHook> chain, Deployment deployment) {
    return new PlanView(
        plan(HomeScope.TENANT, chain),
        TOPICS,
        List.of("openai", "simulated"),
        deployment,
        "millrace.home");
  }

  /** Up to 12 hooks of any scope. */
  static List<PlannedHook> randomChain(Random random) {
    List<PlannedHook> chain = new ArrayList<>();
    int length = random.nextInt(13);
    for (int i = 0; i < length; i++) {
      Scope scope = Scope.values()[random.nextInt(Scope.values().length)];
      chain.add(new PlannedHook("hook" + i, scope, random.nextBoolean(), false));
    }
    return chain;
  }
}
