package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.routing.Router;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.Topology;

/**
 * The stages of a configuration without a cluster: to show their plan, or to run them in a driver.
 * Nobody outside hears of their events, and no provider is known to be ill or blocked.
 */
record UnstartedStages(HookStagesConfig config, TopicCatalogue topics, MeterRegistry meters) {

  private static final Pattern STORES = Pattern.compile("stores: \\[([^]]*)]");

  /** Sources, nodes, stores and sinks, as text. */
  String describe() {
    StageParts parts = parts();
    SchemaRegistry registry = new InMemorySchemaRegistry();
    try (Router router = parts.router(Router.Known.NOTHING)) {
      return applications(parts, parts.chain(), router, registry)
          .topologies(config.deployment())
          .values()
          .stream()
          .map(topology -> inFixedOrder(topology.describe().toString()))
          .collect(Collectors.joining());
    }
  }

  /** One topology with hooks that are initialized, and are not closed. */
  Topology topology(SchemaRegistry registry) {
    StageParts parts = parts();
    HookChain chain = parts.chain();
    chain.initialize();
    return applications(parts, chain, parts.router(Router.Known.NOTHING), registry).fused();
  }

  private StageParts parts() {
    InstantSource clock = InstantSource.system();
    PipelineEvents unheard = new PipelineEvents(meters, clock, event -> {});
    return new StageParts(config, meters, unheard, AccessKeys.NONE, new LoadGauge(clock));
  }

  private StageApplications applications(
      StageParts parts, HookChain chain, Router router, SchemaRegistry registry) {
    return new StageApplications(
        config,
        topics,
        chain,
        new AvroSerdes(registry),
        meters,
        parts.events(),
        parts.load(),
        router,
        ProviderBlockView.NONE);
  }

  /** Streams lists a node's stores in an order that changes from run to run. */
  private static String inFixedOrder(String plan) {
    return STORES
        .matcher(plan)
        .replaceAll(
            stores ->
                Arrays.stream(stores.group(1).split(", "))
                    .sorted()
                    .collect(Collectors.joining(", ", "stores: [", "]")));
  }
}
