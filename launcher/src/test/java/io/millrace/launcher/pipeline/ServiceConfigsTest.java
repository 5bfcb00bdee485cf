package io.millrace.launcher.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.ModelInfo;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.stages.HookSetting;
import io.millrace.stages.HookStagesConfig;
import io.millrace.stages.routing.ProviderRank;
import io.millrace.stages.routing.Routing;
import io.millrace.stages.routing.RoutingPolicy;
import io.millrace.workers.ApiKeySetting;
import io.millrace.workers.ProviderSetting;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.CircuitSetting;
import io.millrace.workers.gate.HedgeSetting;
import io.millrace.workers.gate.RetryBudgetSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceConfigsTest {

  @TempDir private Path folder;

  @Test
  void shouldListWhatCanBeCalledWhenNothingIsConfigured() throws IOException {
    assertThat(new ServiceConfigs(settings("{}"), folder).ingest(0).models())
        .contains(new ModelInfo("simulated/default", "simulated"));
    assertThat(
            new ServiceConfigs(settings("providers: {sim: {type: simulated, models: [a]}}"), folder)
                .ingest(0)
                .models())
        .containsExactly(new ModelInfo("sim/a", "sim"));
  }

  @Test
  void shouldTellTheStagesWhatTheFileSays() throws IOException {
    MillraceConfig settings =
        settings(
            """
            topics: {prefix: mine.}
            home: {scope: request, threads: 3, dedup_window: 2h, standby_replicas: 1}
            completions: {json_mirror: true}
            reply_topics: {allowed: [replies]}
            models: {aliases: {fast: two/small}}
            providers:
              two: {type: simulated, models: [small, large]}
              one: {type: simulated}
            plugins:
              - {name: metrics, order: 5, enabled: false}
              - {name: logging, on_error: fail, config: {a: 1}}
            """);
    HookStagesConfig hooks;
    try (Plugins plugins = Plugins.load(settings, folder)) {
      hooks = new ServiceConfigs(settings, folder).hooks(plugins.hooks());
    }
    assertThat(hooks.applicationId()).isEqualTo("mine.home");
    assertThat(hooks.stateDir()).isEqualTo(folder.resolve("state/hooks"));
    assertThat(hooks.homeScope()).isEqualTo(HomeScope.REQUEST);
    assertThat(hooks.streamThreads()).isEqualTo(3);
    assertThat(hooks.dedupWindow()).isEqualTo(Duration.ofHours(2));
    assertThat(hooks.standbyReplicas()).isEqualTo(1);
    assertThat(hooks.jsonMirror()).isTrue();
    assertThat(hooks.replyTopics()).isEqualTo(Set.of("replies"));
    assertThat(hooks.hooks()).extracting(HookSetting::name).containsExactly("metrics", "logging");
    assertThat(hooks.hooks().getFirst().order()).isEqualTo(5);
    assertThat(hooks.hooks().getFirst().enabled()).isFalse();
    assertThat(hooks.hooks().getLast().onError()).isEqualTo(OnError.FAIL);
    assertThat(hooks.hooks().getLast().config()).isEqualTo(Map.of("a", 1));
    Routing routing = hooks.routing();
    assertThat(routing.providers())
        .isEqualTo(Map.of("two", List.of("small", "large"), "one", List.of()));
    assertThat(routing.defaultProvider()).isEqualTo("two");
    assertThat(routing.aliases()).isEqualTo(Map.of("fast", List.of("two/small")));
    assertThat(routing.policy().strategy().name()).isEqualTo("priority");
    assertThat(routing.policy().maxFallbacks()).isEqualTo(3);
  }

  @Test
  void shouldTellRoutingWhatTheFileSays() throws IOException {
    MillraceConfig settings =
        settings(
            """
            providers:
              one:
                type: openai
                keys: [{value: a}]
                priority: 1
                weight: 3
                models:
                  - gpt-4o-mini
                  - {name: gpt-4o, vision: true, accuracy: 0.9, price: {input: 9, output: 10}}
              local:
                type: openai
                base_url: http://127.0.0.1:1/v1
                prices: {"*": {input: 0, output: 0}}
              off: {type: simulated, enabled: false}
            routing:
              strategy: least_cost
              settings: {max_latency: 2s}
              fallbacks: {"one/*": [local/x]}
              max_fallbacks: 2
            """);
    ServiceConfigs configs = new ServiceConfigs(settings, folder);
    HookStagesConfig hooks;
    try (Plugins plugins = Plugins.load(settings, folder)) {
      hooks = configs.hooks(plugins.hooks(), plugins.strategies());
    }
    RoutingPolicy policy = hooks.routing().policy();
    assertThat(hooks.routing().providers()).containsOnlyKeys("one", "local");
    assertThat(policy.strategy().name()).isEqualTo("least_cost");
    assertThat(policy.strategy().config()).isEqualTo(Map.of("max_latency", "2s"));
    assertThat(policy.fallbacks()).isEqualTo(Map.of("one/*", List.of("local/x")));
    assertThat(policy.maxFallbacks()).isEqualTo(2);
    assertThat(policy.ranks()).containsEntry("one", new ProviderRank(1, 3));
    var described = Objects.requireNonNull(policy.modelOf(new Target("one", "gpt-4o")));
    assertThat(described.vision()).isTrue();
    assertThat(described.accuracy()).isEqualTo(0.9);
    assertThat(described.price()).isEqualTo(new TokenPrice(9_000, 10_000));
    var listed = Objects.requireNonNull(policy.modelOf(new Target("one", "gpt-4o-mini")));
    assertThat(listed.price()).as("of the table").isEqualTo(new TokenPrice(150, 600, 75));
    assertThat(hooks.prices().of(new Target("local", "any"))).isEqualTo(TokenPrice.FREE);
    ProviderSetting worker = Objects.requireNonNull(configs.providers().providers().get("one"));
    assertThat(worker.prices()).containsEntry("gpt-4o", new TokenPrice(9_000, 10_000));
    assertThat(configs.providers().providers()).doesNotContainKey("off");
    assertThat(configs.analytics().health().timeouts()).containsOnlyKeys("one", "local");
  }

  @Test
  void shouldTellRoutingOfAliasesAndWhoIsAsked() throws IOException {
    MillraceConfig settings =
        settings(
            """
            providers:
              one:
                {type: openai, keys: [{value: a}], discover_models: true, prices: {"*": {input: 1, output: 2}}}
              two: {type: simulated, models: [m]}
            models:
              aliases:
                plain: two/m
                cheap: {models: [one/a, two/m], strategy: least_cost, settings: {max_latency: 2s}}
            """);
    ServiceConfigs configs = new ServiceConfigs(settings, folder);
    HookStagesConfig hooks;
    try (Plugins plugins = Plugins.load(settings, folder)) {
      hooks = configs.hooks(plugins.hooks(), plugins.strategies());
    }
    RoutingPolicy policy = hooks.routing().policy();
    assertThat(policy.aliasStrategies()).containsOnlyKeys("cheap");
    var own = Objects.requireNonNull(policy.aliasStrategies().get("cheap"));
    assertThat(own.name()).isEqualTo("least_cost");
    assertThat(own.config()).isEqualTo(Map.of("max_latency", "2s"));
    assertThat(hooks.routing().aliases()).containsEntry("cheap", List.of("one/a", "two/m"));
    assertThat(hooks.routing().reported()).isEqualTo(Map.of("one", Map.of()));
    assertThat(configs.providers().discovering()).containsExactly("one");
    assertThat(configs.ingest(0).models())
        .extracting(ModelInfo::id)
        .containsExactlyInAnyOrder("two/m", "one/*", "plain", "cheap");
    assertThat(strategyFaults("models: {aliases: {x: {models: [simulated/m], strategy: smrt}}}"))
        .singleElement()
        .asString()
        .contains("models.aliases.x.strategy", "'smrt'", "smart");
  }

  @Test
  void shouldSayWhatIsWrongWithTheStrategy() throws IOException {
    assertThat(strategyFaults("routing: {strategy: least_costs}"))
        .singleElement()
        .asString()
        .contains("routing.strategy", "'least_costs'", "least_cost");
    assertThat(strategyFaults("routing: {strategy: least_cost, settings: {min_accuracy: 2}}"))
        .singleElement()
        .asString()
        .contains("routing.settings.min_accuracy");
    assertThat(strategyFaults("routing: {settings: {x: 1}}"))
        .singleElement()
        .asString()
        .contains("routing.settings");
  }

  private List<ConfigFault> strategyFaults(String yaml) throws IOException {
    return ServiceChecks.faults(settings(yaml), folder);
  }

  @Test
  void shouldTellTheWorkersWhatTheFileSays() throws IOException {
    Map<String, ProviderSetting> providers =
        configs(
                """
                providers:
                  oai:
                    type: openai
                    base_url: http://127.0.0.1:1/v1
                    models: [small]
                    keys: [{value: a}, {name: second, value: b, models: [small], weight: 2}]
                    prices: {small: {input: 0.15, output: 0.6}}
                    max_in_flight: 7
                    timeout: 8s
                    retries:
                      {max: 1, initial_backoff: 1ms, max_backoff: 2ms, budget: {share: 0.3}}
                    timeouts: {small: 4s}
                    circuit: {consecutive_failures: 3, on_open: fail}
                    concurrency: {adaptive: false}
                    hedge: {enabled: true, after: 2s}
                    key_recovery: 9s
                  sim: {type: simulated, latency_ms: 3}
                """)
            .providers()
            .providers();
    ProviderSetting openai = Objects.requireNonNull(providers.get("oai"));
    assertThat(openai.settings()).isEqualTo(Map.of("base_url", "http://127.0.0.1:1/v1"));
    assertThat(openai.keys())
        .containsExactly(
            ApiKeySetting.of("key-1", "a"), new ApiKeySetting("second", "b", List.of("small"), 2));
    assertThat(openai.prices()).isEqualTo(Map.of("small", new TokenPrice(150, 600)));
    assertThat(openai.maxInFlight()).isEqualTo(7);
    assertThat(openai.timeout()).isEqualTo(Duration.ofSeconds(8));
    assertThat(openai.retries().maxRetries()).isEqualTo(1);
    assertThat(openai.retries().maxBackoff()).isEqualTo(Duration.ofMillis(2));
    assertThat(openai.keyRecovery()).isEqualTo(Duration.ofSeconds(9));
    assertThat(openai.retries().budget()).isEqualTo(new RetryBudgetSetting(0.3, 10));
    assertThat(openai.controls().timeouts()).isEqualTo(Map.of("small", Duration.ofSeconds(4)));
    assertThat(openai.controls().circuit().consecutiveFailures()).isEqualTo(3);
    assertThat(openai.controls().circuit().onOpen()).isEqualTo(CircuitSetting.OnOpen.FAIL);
    assertThat(openai.controls().concurrency().enabled()).isFalse();
    assertThat(openai.controls().hedge())
        .isEqualTo(new HedgeSetting(true, Duration.ofSeconds(2), 0.05));
    assertThat(Objects.requireNonNull(providers.get("sim")).controls())
        .isEqualTo(CallControls.defaults());
    assertThat(providers.get("sim"))
        .extracting(ProviderSetting::settings)
        .isEqualTo(Map.of("latency_ms", 3));
  }

  @Test
  void shouldTellIngestWhatTheFileSays() throws IOException {
    IngestConfig ingest =
        configs(
                """
                topics: {prefix: mine.}
                http: {host: h, port: 1, advertised_host: ah, advertised_port: 2}
                home: {scope: request}
                requests:
                  {default_timeout: 3s, max_timeout: 4s, max_bytes: 5000, default_tenant: t}
                providers: {sim: {type: simulated, models: [small]}}
                models: {aliases: {fast: sim/small}}
                """)
            .ingest(6);
    assertThat(ingest.http().host()).isEqualTo("h");
    assertThat(ingest.http().port()).isEqualTo(6);
    assertThat(ingest.http().advertisedHost()).isEqualTo("ah");
    assertThat(ingest.http().advertisedPort()).isEqualTo(2);
    assertThat(ingest.homeScope()).isEqualTo(HomeScope.REQUEST);
    assertThat(ingest.admission().defaultTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(ingest.admission().maxTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(ingest.admission().maxRequestBytes()).isEqualTo(5000);
    assertThat(ingest.admission().defaultTenant()).isEqualTo("t");
    assertThat(ingest.streams().applicationId()).isEqualTo("mine.ingest");
    assertThat(ingest.streams().stateDir()).isEqualTo(folder.resolve("state/ingest"));
    assertThat(ingest.models())
        .containsExactly(
            new ModelInfo("sim/small", "sim"),
            new ModelInfo("fast", "sim", List.of(new Target("sim", "small"))));
  }

  @Test
  void shouldTellIngestWhichModelsAreOff() throws IOException {
    IngestConfig ingest =
        configs(
                """
                providers:
                  sim:
                    type: openai
                    base_url: "http://127.0.0.1:1"
                    keys: [{name: k, value: v}]
                    models: [small, {name: gone, enabled: false}]
                    discover_models: true
                models:
                  aliases: {fast: sim/gone, any: [sim/gone, sim/small]}
                """)
            .ingest(0);
    assertThat(ingest.models())
        .extracting(ModelInfo::id, ModelInfo::enabled)
        .containsExactly(
            tuple("sim/small", true),
            tuple("sim/gone", false),
            tuple("sim/*", true),
            tuple("fast", false),
            tuple("any", true));
  }

  @Test
  void shouldTellAnalyticsWhatTheFileSays() throws IOException {
    var analytics =
        configs(
                """
                analytics:
                  threads: 2
                  grace: 3s
                  update_interval: 4s
                  error_rate:
                    {warning: 0.2, critical: 0.3, min_calls: 5, window: 6m, resolve_after: 7m}
                """)
            .analytics();
    assertThat(analytics.stateDirectory()).isEqualTo(folder.resolve("state/analytics"));
    assertThat(analytics.threads()).isEqualTo(2);
    assertThat(analytics.windows().grace()).isEqualTo(Duration.ofSeconds(3));
    assertThat(analytics.windows().updateInterval()).isEqualTo(Duration.ofSeconds(4));
    assertThat(analytics.errorRate().warning()).isEqualTo(0.2);
    assertThat(analytics.errorRate().critical()).isEqualTo(0.3);
    assertThat(analytics.errorRate().minCalls()).isEqualTo(5);
    assertThat(analytics.errorRate().window()).isEqualTo(Duration.ofMinutes(6));
    assertThat(analytics.errorRate().resolveAfter()).isEqualTo(Duration.ofMinutes(7));
  }

  @Test
  void shouldFindNoFaultInTheDefaults() {
    MillraceConfig defaults = new ConfigLoader(Map.of()).withoutFile().config();
    assertThat(ServiceChecks.faults(defaults, folder)).isEmpty();
  }

  private ServiceConfigs configs(String yaml) throws IOException {
    return new ServiceConfigs(settings(yaml), folder);
  }

  private MillraceConfig settings(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("millrace.yaml"), yaml);
    return new ConfigLoader(Map.of()).load(file).config();
  }
}
