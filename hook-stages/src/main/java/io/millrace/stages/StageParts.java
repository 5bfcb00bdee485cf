package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Events;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.stages.routing.Router;
import java.time.InstantSource;
import java.util.Map;

/**
 * Makes what the stages of one process share out of a configuration.
 *
 * @param config the configuration
 * @param meters where to count
 * @param events what happens in this process
 * @param keys what the pipeline's keys may do
 * @param load how busy the home stage is
 */
record StageParts(
    HookStagesConfig config,
    MeterRegistry meters,
    PipelineEvents events,
    AccessKeys keys,
    LoadGauge load) {

  /** The hooks, created and not initialized. */
  HookChain chain() {
    return chain(events);
  }

  /** The same, with the changes of the hooks' life told elsewhere than what they emit. */
  HookChain chain(Events life) {
    HookMeters hookMeters = new HookMeters(meters);
    return HookChain.create(config.hooks(), hook -> environment(hook, hookMeters), life);
  }

  /** What chooses where requests go. */
  Router router(Router.Known known) {
    HookMeters hookMeters = new HookMeters(meters);
    return new Router(config.routing(), known, name -> environment(name, hookMeters), meters);
  }

  /** Says which routing strategy is in force from now on. */
  void tellStrategy() {
    events.emit(
        EventTypes.STRATEGY_CHANGED,
        Map.of("strategy", config.routing().policy().strategy().name()));
  }

  private HookEnvironment environment(String name, HookMeters hookMeters) {
    return new HookEnvironment(
        InstantSource.system(), hookMeters, events.from(name), config.prices(), keys, load);
  }
}
