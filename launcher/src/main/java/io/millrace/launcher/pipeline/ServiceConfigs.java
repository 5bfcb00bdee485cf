package io.millrace.launcher.pipeline;

import io.millrace.analytics.AnalyticsConfig;
import io.millrace.analytics.health.HealthSettings;
import io.millrace.ingest.AdmissionLimits;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.ModelInfo;
import io.millrace.ingest.StreamsSettings;
import io.millrace.ingest.access.AccessSettings;
import io.millrace.ingest.access.JwtSettings;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.config.ProviderSection;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.access.AuthSecret;
import io.millrace.stages.ChainPlan;
import io.millrace.stages.HookSetting;
import io.millrace.stages.HookStagesConfig;
import io.millrace.stages.plan.StagePlan;
import io.millrace.stages.routing.Routing;
import io.millrace.stages.routing.RoutingPolicy;
import io.millrace.workers.ApiKeySetting;
import io.millrace.workers.HealthSetting;
import io.millrace.workers.ProviderSetting;
import io.millrace.workers.ProviderWorkersConfig;
import io.millrace.workers.RetrySetting;
import io.millrace.workers.gate.RetryBudgetSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Each service's own configuration out of the one file. */
public final class ServiceConfigs {

  private static final String STATE_FOLDER = "state";

  private final MillraceConfig settings;
  private final Path dataDir;
  private final RouteConfigs routes;

  /** Configurations whose state lives in a folder. */
  public ServiceConfigs(MillraceConfig settings, Path dataDir) {
    this.settings = settings;
    this.dataDir = dataDir;
    this.routes = new RouteConfigs(settings);
  }

  /** For ingest, on a port that may differ from the configured one. */
  public IngestConfig ingest(int httpPort) {
    IngestConfig defaults = IngestConfig.defaults();
    MillraceConfig.Http http = settings.http();
    StreamsSettings streams =
        defaults
            .streams()
            .withApplicationId(applicationId("ingest"))
            .withStateDir(stateDir(Role.INGEST));
    return defaults
        .withHttp(
            defaults
                .http()
                .withAddress(http.host(), httpPort)
                .withAdvertised(http.advertisedHost(), http.advertisedPort()))
        .withAdmission(admission(defaults.admission()))
        .withStreams(streams)
        .withHomeScope(settings.home().scope())
        .withModels(models());
  }

  /**
   * Who may send requests.
   *
   * @param secret what keys are hashed with, or null where there are none
   */
  public AccessSettings access(@Nullable AuthSecret secret) {
    MillraceConfig.Auth auth = settings.auth();
    MillraceConfig.Jwt jwt = auth.jwt();
    return new AccessSettings(
        auth.required(),
        secret,
        auth.clockSkew(),
        auth.signatureMaxAge(),
        jwt == null
            ? null
            : new JwtSettings(
                jwt.jwks(),
                jwt.issuer(),
                jwt.audience(),
                jwt.tenantClaim(),
                jwt.teamClaim(),
                jwt.modelsClaim(),
                jwt.lanesClaim(),
                jwt.algorithms()));
  }

  /** For the hook stages, with the chain that the configured plugins make, see {@link Plugins}. */
  public HookStagesConfig hooks(List<HookSetting> chain) {
    return hooks(chain, StrategySettings.of(RoutingPolicy.DEFAULT.strategy()));
  }

  /** The same with the configured routing strategies, see {@link Plugins#strategies()}. */
  public HookStagesConfig hooks(List<HookSetting> chain, StrategySettings strategies) {
    MillraceConfig.Home home = settings.home();
    HookStagesConfig defaults = HookStagesConfig.defaults(stateDir(Role.HOOKS));
    return new HookStagesConfig(
        applicationId("home"),
        defaults.stateDir(),
        home.scope(),
        home.threads(),
        home.dedupWindow(),
        defaults.commitInterval(),
        home.standbyReplicas(),
        chain,
        routes.routing(strategies),
        settings.completions().jsonMirror(),
        settings.replyTopics().allowed(),
        settings.stages().maxParkedPerTenant(),
        settings.stages().deploy(),
        routes.prices());
  }

  /** The plan that a chain leads to. */
  public StagePlan plan(List<HookSetting> chain) {
    return ChainPlan.of(hooks(chain), settings.topicCatalogue());
  }

  /** For the provider workers. */
  public ProviderWorkersConfig providers() {
    Map<String, ProviderSetting> providers = new LinkedHashMap<>();
    routes.providers().forEach((name, section) -> providers.put(name, provider(section)));
    return ProviderWorkersConfig.defaults()
        .withProviders(providers)
        .withDiscovery(routes.discovering())
        .withInteractiveReserve(settings.workers().interactiveReservePercent())
        .withDrainTimeout(settings.workers().drainTimeout());
  }

  /** How workers look after providers. */
  public HealthSetting looks() {
    MillraceConfig.Health health = settings.health();
    return new HealthSetting(health.idleAfter(), health.probeInterval(), health.probeTimeout());
  }

  private HealthSettings health() {
    MillraceConfig.Health health = settings.health();
    Map<String, Duration> timeouts = new LinkedHashMap<>();
    routes.providers().forEach((name, section) -> timeouts.put(name, section.timeout()));
    return new HealthSettings(
        health.downFailures(),
        health.downAfter(),
        health.downBelow(),
        health.degradedBelow(),
        health.minCalls(),
        health.step(),
        health.retryAfter(),
        timeouts);
  }

  /** For analytics. */
  public AnalyticsConfig analytics() {
    AnalyticsConfig defaults = AnalyticsConfig.defaults();
    MillraceConfig.Analytics analytics = settings.analytics();
    MillraceConfig.ErrorRate rate = analytics.errorRate();
    return new AnalyticsConfig(
        stateDir(Role.ANALYTICS),
        analytics.threads(),
        defaults.commitInterval(),
        new AnalyticsConfig.WindowSettings(
            analytics.grace(),
            defaults.windows().idleAfter(),
            analytics.updateInterval(),
            defaults.windows().maxSeries(),
            defaults.windows().maxErrorCodes()),
        new AnalyticsConfig.ErrorRateSettings(
            rate.warning(),
            rate.critical(),
            defaults.errorRate().clearRatio(),
            rate.minCalls(),
            rate.window(),
            rate.resolveAfter(),
            defaults.errorRate().evaluationInterval()),
        health());
  }

  private AdmissionLimits admission(AdmissionLimits defaults) {
    MillraceConfig.Requests requests = settings.requests();
    return new AdmissionLimits(
        requests.defaultTenant(),
        requests.defaultTimeout(),
        requests.maxTimeout(),
        requests.maxBytes(),
        defaults.maxMessages(),
        defaults.maxFallbacks());
  }

  private List<ModelInfo> models() {
    Stream<ModelInfo> listed =
        routes.providers().entrySet().stream()
            .flatMap(
                provider ->
                    listed(provider.getValue()).stream()
                        .map(
                            model ->
                                new ModelInfo(provider.getKey() + "/" + model, provider.getKey())));
    Stream<ModelInfo> aliases =
        settings.models().aliases().entrySet().stream()
            .map(
                alias ->
                    new ModelInfo(
                        alias.getKey(),
                        alias
                            .getValue()
                            .getFirst()
                            .substring(0, alias.getValue().getFirst().indexOf('/')),
                        alias.getValue().stream().map(ServiceConfigs::target).toList()));
    Stream<ModelInfo> reported = routes.discovering().stream().map(ModelInfo::allOf);
    return Stream.of(listed, reported, aliases)
        .flatMap(each -> each)
        .map(model -> model.targets().stream().anyMatch(routes::enabled) ? model : model.disabled())
        .toList();
  }

  /**
   * The models that a provider's section names. A simulated one takes any name; without a list it
   * shows the one that {@code auto} asks it for, so that whoever has configured nothing sees what
   * can be called.
   */
  private static List<String> listed(ProviderSection provider) {
    boolean anyName =
        provider.models().isEmpty()
            && provider.type().equals(ProviderSection.SIMULATED)
            && !provider.discoverModels();
    return anyName ? List.of(Routing.UNNAMED_MODEL) : provider.models();
  }

  /** The target of {@code provider/model}, as the checks have left it. */
  private static Target target(String text) {
    int slash = text.indexOf('/');
    return new Target(text.substring(0, slash), text.substring(slash + 1));
  }

  private ProviderSetting provider(ProviderSection section) {
    ProviderSection.RetrySection retries = section.retries();
    return new ProviderSetting(
        section.type(),
        section.settings(),
        keys(section),
        section.models(),
        routes.pricesOf(section),
        section.maxInFlight(),
        section.timeout(),
        new RetrySetting(
            retries.max(),
            retries.initialBackoff(),
            retries.maxBackoff(),
            new RetryBudgetSetting(retries.budget().share(), retries.budget().minPerSecond())),
        section.keyRecovery(),
        CallControlsOf.section(section));
  }

  private static List<ApiKeySetting> keys(ProviderSection section) {
    return IntStream.range(0, section.keys().size())
        .mapToObj(
            i -> {
              ProviderSection.KeySection key = section.keys().get(i);
              String name = Objects.requireNonNullElse(key.name(), "key-" + (i + 1));
              return new ApiKeySetting(name, key.value(), key.models(), key.weight());
            })
        .toList();
  }

  /** Two pipelines on one cluster have two prefixes, so two sets of applications. */
  private String applicationId(String name) {
    return settings.topics().prefix() + name;
  }

  private Path stateDir(Role role) {
    return dataDir.resolve(STATE_FOLDER).resolve(role.toString());
  }
}
