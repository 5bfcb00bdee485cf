package io.millrace.benchmarks.micro;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.model.AvroModel;
import io.millrace.stages.routing.RouteContext;
import io.millrace.stages.routing.RouteDecision;
import io.millrace.stages.routing.RouteQuestion;
import io.millrace.stages.routing.Router;
import io.millrace.stages.routing.Routing;
import io.millrace.stages.routing.RoutingPolicy;
import io.millrace.stages.routing.StrategySetting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to choose where a request goes, one of four candidates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RouteBenchmark {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> MODEL = List.of("m");

  /** The strategy. */
  @Param({"priority", "score", "least_cost", "smart"})
  public String strategy = "priority";

  private final CompletionRequest request = AvroModel.toModel(Samples.accepted(1, 0).getRequest());
  private final RouteContext context =
      new RouteContext(
          new RouteContext.Facts(
              "acme", "r1", Lane.STANDARD, NOW, NOW.plusSeconds(60), NOW, null, Map.of(), false));
  private final RouteQuestion question =
      new RouteQuestion("auto", List.of(), () -> request, context);
  private @Nullable Router router;

  /** Makes the router. */
  @Setup
  public void open() {
    Routing routing =
        new Routing(
            Map.of("a", MODEL, "b", MODEL, "c", MODEL, "d", MODEL),
            "a",
            Map.of(),
            new RoutingPolicy(StrategySetting.of(strategy), Map.of(), Map.of(), Map.of(), 3));
    ProviderHealth health =
        ProviderHealth.newBuilder()
            .setProvider("a")
            .setModel("m")
            .setState(HealthState.HEALTHY)
            .setSuccessRate(0.99)
            .setCalls(1_000)
            .setLatencyP50Micros(300_000)
            .setLatencyP95Micros(900_000)
            .setLatencyRecentMeanMicros(320_000)
            .setAtMillis(0)
            .build();
    router =
        new Router(
            routing,
            (provider, model) -> Optional.of(health),
            ProviderBlockView.NONE,
            new TestEnvironment().environment(),
            new SimpleMeterRegistry());
  }

  /** A request whose model several answer for. */
  @Benchmark
  public @Nullable RouteDecision decide() {
    return router == null ? null : router.decide(question);
  }

  /** A request that names its model. */
  @Benchmark
  public @Nullable Target undisputed() {
    return router == null ? null : router.undisputed("b/m", List.of());
  }
}
