package io.millrace.stages;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.RoutePlan;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.model.AvroModel;
import io.millrace.stages.routing.RouteContext;
import io.millrace.stages.routing.RouteDecision;
import io.millrace.stages.routing.RouteQuestion;
import io.millrace.stages.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what a request's first attempt aims at, once per request: what the configuration makes of
 * the request, then what each hook's preRequest makes of that. Used by one thread.
 */
final class RouteChoice {

  private static final Lane[] LANES = Lane.values();

  private final Router router;
  private final HookSwitches switches;
  private final Outlet outlet;
  private final List<Chooser> choosers;

  RouteChoice(StageSetup setup, ProcessorContext<String, Object> context, Outlet outlet) {
    this.router = setup.router();
    this.switches = setup.chain().switches();
    this.outlet = outlet;
    this.choosers =
        setup.chain().hooks().stream()
            .filter(ActiveHook::choosesRoutes)
            .map(
                active ->
                    new Chooser(
                        active,
                        new HookCall(
                            active,
                            HookDirection.REQUEST,
                            outlet,
                            context,
                            hasState(active, setup))))
            .toList();
  }

  /** Whether the home stage is where the hook's state is. */
  static boolean hasState(ActiveHook active, StageSetup home) {
    return active.descriptor().stateful() && home.has(active.name());
  }

  /** What came of it: a target, or the error that ends the request before its first attempt. */
  sealed interface Choice {
    /** The first attempt's target; the exchange holds the rest. */
    record Aim(Target target) implements Choice {}

    /** There will be no attempt. */
    record None(PipelineError error) implements Choice {}
  }

  /** Chooses, and writes fallbacks and the request that attempts start from into the exchange. */
  Choice choose(Exchange exchange) {
    String model = exchange.getRequest().getModel();
    List<String> wanted = exchange.getRequest().getFallbacks();
    Target only = router.undisputed(model, wanted);
    if (only != null) {
      return finish(exchange, only, List.of());
    }
    outlet.tellHere(exchange, EventTypes.ROUTE_STARTED, Map.of("model", model));
    RouteContext context = new RouteContext(facts(exchange));
    RouteDecision decision =
        router.decide(
            new RouteQuestion(
                model, wanted, () -> AvroModel.toModel(exchange.getRequest()), context));
    report(exchange, decision, context);
    return finish(exchange, decision.target(), decision.fallbacks());
  }

  private Choice finish(Exchange exchange, @Nullable Target target, List<Target> fallbacks) {
    if (!choosers.isEmpty()) {
      return askHooks(exchange, target, fallbacks);
    }
    write(exchange, fallbacks);
    return aim(target, exchange.getRequest().getModel());
  }

  private RouteContext.Facts facts(Exchange exchange) {
    return new RouteContext.Facts(
        exchange.getTenant(),
        exchange.getRequestId(),
        LANES[exchange.getLane().ordinal()],
        Instant.ofEpochMilli(exchange.getAcceptedAtMillis()),
        Instant.ofEpochMilli(exchange.getDeadlineMillis()),
        Instant.ofEpochMilli(outlet.nowMillis()),
        exchange.getCaller() == null ? null : AvroModel.toModel(exchange.getCaller()),
        exchange.getRequest().getHints(),
        exchange.getBackground());
  }

  private void report(Exchange exchange, RouteDecision decision, RouteContext context) {
    for (RouteContext.Emitted event : context.emitted()) {
      outlet.event(exchange, outlet.source(), event.type(), event.attributes());
    }
    Target target = decision.target();
    if (!decision.chosen() || target == null) {
      return;
    }
    Map<String, String> attributes = new HashMap<>();
    attributes.put("target", target.toString());
    attributes.put("fallbacks", names(decision.fallbacks()));
    attributes.put("reasons", decision.reasons());
    if (decision.strategy() != null) {
      attributes.put("strategy", decision.strategy());
    }
    outlet.event(exchange, outlet.source(), EventTypes.ROUTE_SELECTED, attributes);
  }

  private static String names(List<Target> targets) {
    return targets.stream().map(Target::toString).collect(Collectors.joining(","));
  }

  private Choice askHooks(Exchange exchange, @Nullable Target target, List<Target> fallbacks) {
    RoutePlan original = new RoutePlan(AvroModel.toModel(exchange.getRequest()), target, fallbacks);
    RoutePlan plan = original;
    for (Chooser chooser : choosers) {
      if (!switches.isOn(chooser.active().name())) {
        continue;
      }
      RoutePlan next =
          chooser.call().on(exchange, plan, (hook, now, context) -> hook.preRequest(now, context));
      if (next != null) {
        report(exchange, chooser.active().name(), plan, next);
        plan = next;
        continue;
      }
      PipelineError error = chooser.call().consequence();
      if (error != null) {
        return new Choice.None(error);
      }
    }
    write(exchange, plan.fallbacks());
    if (plan.request() != original.request()) {
      exchange.setBaseRequest(AvroModel.toAvro(plan.request(), exchange.getRequest()));
    }
    String model = plan.request().model();
    @Nullable Target chosen = plan.target();
    return aim(chosen != null ? chosen : router.routing().resolve(model).orElse(null), model);
  }

  private Choice aim(@Nullable Target target, String model) {
    return target == null
        ? new Choice.None(router.routing().notFound(model))
        : new Choice.Aim(target);
  }

  private void report(Exchange exchange, String hook, RoutePlan before, RoutePlan after) {
    if (Objects.equals(before.target(), after.target())
        && before.fallbacks().equals(after.fallbacks())) {
      return;
    }
    Map<String, String> attributes = new HashMap<>();
    if (after.target() != null) {
      attributes.put("target", after.target().toString());
    }
    attributes.put("fallbacks", names(after.fallbacks()));
    outlet.event(exchange, hook, EventTypes.ROUTE_SELECTED, attributes);
  }

  private static void write(Exchange exchange, List<Target> fallbacks) {
    List<io.millrace.schemas.avro.Target> targets = new ArrayList<>(fallbacks.size());
    for (Target fallback : fallbacks) {
      targets.add(new io.millrace.schemas.avro.Target(fallback.provider(), fallback.model()));
    }
    exchange.setFallbacks(targets);
  }

  private record Chooser(ActiveHook active, HookCall call) {}
}
