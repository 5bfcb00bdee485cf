package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugins.PluginEntry;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.plan.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force: the file's settings over the profile's over the schema's defaults.
 * The keys, their meaning and their defaults are in the JSON Schema, see {@link ConfigSchema}.
 * Immutable. Holds secrets; {@link #toString()} is not for logs.
 */
public record MillraceConfig(
    Profile profile,
    Path dataDir,
    Map<String, String> kafka,
    Topics topics,
    Embedded embedded,
    Http http,
    Auth auth,
    Home home,
    Stages stages,
    Workers workers,
    Map<String, ProviderSection> providers,
    Models models,
    PluginHost pluginHost,
    List<PluginSection> plugins,
    Requests requests,
    Analytics analytics,
    Completions completions,
    ReplyTopics replyTopics,
    Operations operations,
    Logging logging,
    Routing routing,
    Health health) {

  /** Which environment's defaults apply. */
  public enum Profile {
    DEVELOPMENT,
    STAGING,
    PRODUCTION
  }

  /** The catalogue of this pipeline's topics. */
  public TopicCatalogue topicCatalogue() {
    return new TopicCatalogue(topics.prefix(), topics.partitions());
  }

  /** Section {@code topics}. */
  public record Topics(String prefix, int partitions, short replicationFactor) {}

  /** Section {@code embedded}. */
  public record Embedded(int kafkaPort, int registryPort) {}

  /** Section {@code http}. */
  public record Http(String host, int port, @Nullable String advertisedHost, int advertisedPort) {}

  /** Section {@code auth}. */
  public record Auth(
      boolean required,
      @Nullable String secret,
      @Nullable String adminToken,
      Duration clockSkew,
      Duration signatureMaxAge,
      @Nullable Jwt jwt) {

    /** Names no secret. */
    @Override
    public String toString() {
      return "Auth[required=" + required + ", jwt=" + jwt + "]";
    }
  }

  /** Section {@code auth.jwt}. */
  public record Jwt(
      String jwks,
      @Nullable String issuer,
      @Nullable String audience,
      String tenantClaim,
      @Nullable String teamClaim,
      @Nullable String modelsClaim,
      @Nullable String lanesClaim,
      Set<String> algorithms) {}

  /** Section {@code home}. */
  public record Home(HomeScope scope, int threads, Duration dedupWindow, int standbyReplicas) {}

  /** Section {@code stages}. */
  public record Stages(Deployment deploy, int maxParkedPerTenant) {}

  /** Section {@code workers}. */
  public record Workers(int interactiveReservePercent, Duration drainTimeout) {}

  /**
   * Section {@code models}.
   *
   * @param aliases each stands for one {@code provider/model} or several
   * @param aliasStrategies of the aliases that name a strategy of their own, gathered here
   */
  public record Models(
      Map<String, List<String>> aliases, Map<String, AliasStrategy> aliasStrategies) {}

  /** What {@code models.aliases.<name>} says besides its models. */
  public record AliasStrategy(String strategy, Map<String, Object> settings) {}

  /** Section {@code routing}. */
  public record Routing(
      String strategy,
      Map<String, Object> settings,
      Map<String, List<String>> fallbacks,
      int maxFallbacks) {}

  /** Section {@code health}. */
  public record Health(
      int downFailures,
      Duration downAfter,
      double downBelow,
      double degradedBelow,
      int minCalls,
      Duration step,
      Duration retryAfter,
      Duration idleAfter,
      Duration probeInterval,
      Duration probeTimeout) {}

  /** Section {@code plugin_host}. */
  public record PluginHost(
      Path folder, List<String> repositories, @Nullable Path localRepository, boolean offline) {}

  /**
   * One entry of {@code plugins}.
   *
   * @param fromEnvironment paths below {@code config} whose values came from variables
   */
  public record PluginSection(
      String name,
      @Nullable String source,
      PluginEntry.@Nullable Type type,
      JsonNode config,
      @Nullable OnError onError,
      @Nullable Integer order,
      boolean enabled,
      Set<String> fromEnvironment) {}

  /** Section {@code requests}. */
  public record Requests(
      Duration defaultTimeout,
      Duration maxTimeout,
      int maxBytes,
      String defaultTenant,
      String defaultProvider) {}

  /** Section {@code analytics}. */
  public record Analytics(
      int threads, Duration grace, Duration updateInterval, ErrorRate errorRate) {}

  /** Section {@code analytics.error_rate}. */
  public record ErrorRate(
      double warning, double critical, long minCalls, Duration window, Duration resolveAfter) {}

  /** Section {@code completions}. */
  public record Completions(boolean jsonMirror) {}

  /** Section {@code reply_topics}. */
  public record ReplyTopics(Set<String> allowed) {}

  /** Section {@code operations}; port 0 means nowhere. */
  public record Operations(String host, int port) {}

  /** Section {@code logging}. */
  public record Logging(String level, String format) {}
}
