package io.millrace.stages;

import io.millrace.plugin.hook.Prices;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.stages.plan.Deployment;
import io.millrace.stages.routing.Routing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Configuration of the stages.
 *
 * @param applicationId Kafka Streams application id, unique per pipeline
 * @param stateDir where the stores live
 * @param homeScope the key by which home stages are partitioned
 * @param streamThreads threads of this instance, at least 1
 * @param dedupWindow how long a request id is remembered after its result
 * @param commitInterval how often transactions commit that others wait for; in a flood at every
 *     third
 * @param standbyReplicas copies of each store on other instances
 * @param hooks the chain, in order
 * @param routing which provider answers for a model
 * @param jsonMirror whether results are also written as JSON
 * @param replyTopics topics that a request's reply header may name
 * @param maxParkedPerTenant how many exchanges of one tenant may wait at hooks, deferred or for
 *     another's outcome, in each partition of the home stage; at least 1
 * @param deployment how the stage groups become Kafka Streams applications
 * @param prices what models cost
 */
public record HookStagesConfig(
    String applicationId,
    Path stateDir,
    HomeScope homeScope,
    int streamThreads,
    Duration dedupWindow,
    Duration commitInterval,
    int standbyReplicas,
    List<HookSetting> hooks,
    Routing routing,
    boolean jsonMirror,
    Set<String> replyTopics,
    int maxParkedPerTenant,
    Deployment deployment,
    Prices prices) {

  /** How many exchanges of one tenant may wait at hooks by default. */
  public static final int DEFAULT_MAX_PARKED_PER_TENANT = 1_000;

  /** Checks the bounds and copies the collections. */
  public HookStagesConfig {
    if (streamThreads < 1) {
      throw new IllegalArgumentException("streamThreads must be at least 1, is " + streamThreads);
    }
    if (dedupWindow.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException(
          "dedupWindow must be at least 1 minute, is " + dedupWindow);
    }
    if (maxParkedPerTenant < 1) {
      throw new IllegalArgumentException(
          "maxParkedPerTenant must be at least 1, is " + maxParkedPerTenant);
    }
    hooks = List.copyOf(hooks);
    replyTopics = Set.copyOf(replyTopics);
  }

  /** One simulated provider, the default chain, and the state in a folder. */
  public static HookStagesConfig defaults(Path stateDir) {
    return new HookStagesConfig(
        "millrace-home",
        stateDir,
        HomeScope.TENANT,
        2,
        Duration.ofHours(24),
        Duration.ofMillis(100),
        0,
        BuiltInHooks.defaultChain(),
        new Routing(Map.of("simulated", List.of()), "simulated", Map.of()),
        false,
        Set.of(),
        DEFAULT_MAX_PARKED_PER_TENANT,
        Deployment.FUSED,
        Prices.FREE);
  }

  /** This configuration with another chain. */
  public HookStagesConfig withHooks(List<HookSetting> chain) {
    return new HookStagesConfig(
        applicationId,
        stateDir,
        homeScope,
        streamThreads,
        dedupWindow,
        commitInterval,
        standbyReplicas,
        chain,
        routing,
        jsonMirror,
        replyTopics,
        maxParkedPerTenant,
        deployment,
        prices);
  }
}
