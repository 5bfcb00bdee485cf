package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.OnError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hooks of this process, in chain order. */
final class HookChain implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HookChain.class);

  private final List<ActiveHook> hooks;

  HookChain(List<ActiveHook> hooks) {
    this.hooks = List.copyOf(hooks);
  }

  /**
   * Creates the configured hooks.
   *
   * @throws IllegalArgumentException for a repeated hook, or a configuration that a hook refuses;
   *     names the hook
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

  private static ActiveHook create(HookSetting setting, HookEnvironment environment) {
    try {
      OnError onError =
          Objects.requireNonNullElse(
              setting.onError(), setting.factory().descriptor(setting.config()).onError());
      Hook hook = setting.factory().create(setting.config(), environment);
      return new ActiveHook(setting.name(), hook, onError);
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
