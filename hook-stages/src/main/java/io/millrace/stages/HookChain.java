package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import io.millrace.stages.hooks.logging.LoggingHookFactory;
import io.millrace.stages.hooks.metrics.MetricsHookFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hooks of this process, in chain order. */
final class HookChain implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HookChain.class);

  private static final Map<String, HookFactory> BUILT_IN =
      List.of(new LoggingHookFactory(), new MetricsHookFactory()).stream()
          .collect(Collectors.toUnmodifiableMap(HookFactory::name, Function.identity()));

  private final List<ActiveHook> hooks;

  HookChain(List<ActiveHook> hooks) {
    this.hooks = List.copyOf(hooks);
  }

  /**
   * Creates the configured hooks.
   *
   * @throws IllegalArgumentException for an unknown or repeated hook, or a configuration that a
   *     hook refuses; names the hook
   */
  static HookChain create(List<HookSetting> settings, HookEnvironment environment) {
    List<ActiveHook> hooks = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (HookSetting setting : settings) {
      if (!names.add(setting.name())) {
        throw new IllegalArgumentException("hook '" + setting.name() + "' is listed twice");
      }
      hooks.add(create(setting, environment));
    }
    return new HookChain(hooks);
  }

  /** Names of the hooks that can be configured, sorted. */
  static List<String> available() {
    return BUILT_IN.keySet().stream().sorted().toList();
  }

  private static ActiveHook create(HookSetting setting, HookEnvironment environment) {
    HookFactory factory = BUILT_IN.get(setting.name());
    if (factory == null) {
      throw new IllegalArgumentException(
          "there is no hook '" + setting.name() + "'; available: " + available());
    }
    try {
      OnError onError = setting.onError() != null ? setting.onError() : factory.defaultOnError();
      return new ActiveHook(setting.name(), factory.create(setting.config(), environment), onError);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "hook '" + setting.name() + "' cannot start: " + e.getMessage(), e);
    }
  }

  List<ActiveHook> hooks() {
    return hooks;
  }

  List<String> names() {
    return hooks.stream().map(ActiveHook::name).toList();
  }

  /** Closes the hooks in reverse order; one that fails does not keep the others from it. */
  @Override
  public void close() {
    for (ActiveHook active : hooks.reversed()) {
      try {
        active.hook().close();
      } catch (RuntimeException e) {
        LOG.warn("hook {} did not close cleanly", active.name(), e);
      }
    }
  }

  /**
   * A hook and how it runs.
   *
   * @param name its name in the chain
   * @param hook the instance
   * @param onError what an exception in it does
   */
  record ActiveHook(String name, Hook hook, OnError onError) {}
}
