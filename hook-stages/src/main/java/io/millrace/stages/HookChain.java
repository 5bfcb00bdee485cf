package io.millrace.stages;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Events;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hooks of this process, in chain order, and their life: created, initialized, active, closed
 * (hook contract, H15 and H37). Thread-safe.
 */
final class HookChain implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HookChain.class);

  private final List<ActiveHook> hooks;
  private final List<String> names;
  private final Set<String> nameSet;
  private final HookSwitches switches;
  private final RemoteCalls remoteCalls = new RemoteCalls();
  private final ThreadWatch threads;
  private final Events events;
  private final List<ActiveHook> initialized = new ArrayList<>();

  /**
   * A chain of hooks that exist.
   *
   * @param hooks in chain order
   * @param events where changes of their life are told
   */
  HookChain(List<ActiveHook> hooks, Events events) {
    this(hooks, events, System::nanoTime);
  }

  /** The same by another clock. */
  HookChain(List<ActiveHook> hooks, Events events, LongSupplier nanoTime) {
    this.hooks = List.copyOf(hooks);
    this.names = hooks.stream().map(ActiveHook::name).toList();
    this.nameSet = Set.copyOf(names);
    this.switches =
        new HookSwitches(
            hooks.stream()
                .filter(hook -> !hook.enabled())
                .map(ActiveHook::name)
                .collect(Collectors.toSet()));
    this.threads = new ThreadWatch(hooks, events, nanoTime);
    this.events = events;
  }

  /**
   * Creates the configured hooks.
   *
   * @param environments what each hook gets of its surroundings, by its name
   * @throws IllegalArgumentException for a repeated hook, a dependency that is not met, or a
   *     configuration that a hook refuses; names the hook
   */
  static HookChain create(
      List<HookSetting> settings, Function<String, HookEnvironment> environments, Events events) {
    List<ActiveHook> hooks = new ArrayList<>();
    for (HookSetting setting : HookOrder.of(settings)) {
      ActiveHook active = create(setting, environments.apply(setting.name()));
      hooks.add(active);
      tell(events, EventTypes.PLUGIN_CREATED, active);
      // A factory refuses a configuration that is wrong, so this one is right.
      tell(events, EventTypes.PLUGIN_VALIDATED, active);
    }
    return new HookChain(hooks, events);
  }

  private static ActiveHook create(HookSetting setting, HookEnvironment environment) {
    try (PluginLoaderScope ignored = new PluginLoaderScope(setting.factory())) {
      HookDescriptor descriptor = setting.descriptor();
      Hook hook = setting.factory().create(setting.config(), environment);
      ActiveHook active =
          new ActiveHook(
              setting.name(),
              hook,
              descriptor,
              Objects.requireNonNullElse(setting.onError(), descriptor.onError()),
              setting.enabled(),
              new HookTally());
      requireOneWayToRun(active);
      return active;
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalArgumentException(cannotStart(setting.name(), e), e);
    }
  }

  /** A route is chosen before the exchange can be parked, so nothing may wait there. */
  private static void requireOneWayToRun(ActiveHook active) {
    if (active.descriptor().remote() && active.choosesRoutes()) {
      throw new IllegalArgumentException(
          "it is remote and has a preRequest, which runs on the stream thread and must not wait;"
              + " move what waits to preHook, or make two hooks of it");
    }
  }

  /**
   * Initializes the hooks in chain order.
   *
   * @throws IllegalStateException when one throws: names it and the cause; those initialized before
   *     it are closed
   */
  synchronized void initialize() {
    for (ActiveHook active : hooks) {
      try (PluginLoaderScope ignored = new PluginLoaderScope(active.hook())) {
        active.hook().initialize();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw stopped(active, e);
      } catch (Exception | LinkageError e) {
        throw stopped(active, e);
      }
      initialized.add(active);
      tell(events, EventTypes.PLUGIN_INITIALIZED, active);
    }
    for (ActiveHook active : hooks) {
      tell(
          events, active.enabled() ? EventTypes.PLUGIN_ACTIVE : EventTypes.PLUGIN_DISABLED, active);
    }
  }

  private IllegalStateException stopped(ActiveHook active, Throwable cause) {
    close();
    return new IllegalStateException(cannotStart(active.name(), cause), cause);
  }

  private static String cannotStart(String hook, Throwable cause) {
    String message = cause.getMessage();
    return "hook '%s' cannot start: %s"
        .formatted(hook, message == null ? cause.getClass().getName() : message);
  }

  List<ActiveHook> hooks() {
    return hooks;
  }

  List<String> names() {
    return names;
  }

  /** Calls of remote hooks. */
  RemoteCalls remoteCalls() {
    return remoteCalls;
  }

  /** Notices threads that a hook does not give back. */
  ThreadWatch threads() {
    return threads;
  }

  /** The hook of this name, which must be there. */
  ActiveHook hook(String name) {
    return hooks.stream().filter(active -> active.name().equals(name)).findFirst().orElseThrow();
  }

  boolean has(String hook) {
    return nameSet.contains(hook);
  }

  /** Which hooks new attempts go through. */
  HookSwitches switches() {
    return switches;
  }

  /** Switches a hook, or leaves it to its setting; tells when that changes something. */
  void order(String hook, HookSwitches.Position position, String by) {
    if (has(hook) && switches.put(hook, position)) {
      String type = switches.isOn(hook) ? EventTypes.PLUGIN_ACTIVE : EventTypes.PLUGIN_DISABLED;
      LOG.info("{}: hook {}, by {}", type, hook, by);
      events.emit(type, Map.of("hook", hook, "by", by));
    }
  }

  /** What an administrator may want to see. */
  List<HookStatus> status() {
    return hooks.stream()
        .map(active -> HookStatus.of(active, switches.isOn(active.name())))
        .toList();
  }

  /**
   * Closes the initialized hooks in reverse order, once; one that fails does not keep the others
   * from it.
   */
  @Override
  public synchronized void close() {
    threads.close();
    remoteCalls.close();
    for (ActiveHook active : initialized.reversed()) {
      try (PluginLoaderScope ignored = new PluginLoaderScope(active.hook())) {
        active.hook().close();
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("hook {} did not close cleanly", active.name(), e);
      }
      tell(events, EventTypes.PLUGIN_CLOSED, active);
    }
    initialized.clear();
  }

  private static void tell(Events events, String type, ActiveHook active) {
    events.emit(type, Map.of("hook", active.name(), "version", active.descriptor().version()));
  }
}
