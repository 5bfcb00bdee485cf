package io.millrace.launcher.template;

import java.util.List;
import java.util.Locale;

/** The kinds of plugins that a project can be begun for. */
public enum PluginTemplate {
  /** A PreHook and PostHook. */
  HOOK("io.millrace.plugin.hook.HookFactory"),
  /** A hook that wraps: before, after, and the time in between. */
  MIDDLEWARE("io.millrace.plugin.hook.HookFactory"),
  /** A type of provider. */
  PROVIDER("io.millrace.plugin.provider.ProviderFactory"),
  /** A routing strategy. */
  STRATEGY("io.millrace.plugin.routing.RoutingStrategyFactory"),
  /** A watcher of figures. */
  MONITOR("io.millrace.plugin.monitor.MonitorFactory");

  /** The classes of every template: implementation, factory, and their tests. */
  static final List<String> MAIN_CLASSES = List.of("", "Factory");

  static final List<String> TEST_CLASSES = List.of("Test", "TckTest");

  private final String service;

  PluginTemplate(String service) {
    this.service = service;
  }

  /** The interface that the factory implements. */
  String service() {
    return service;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
