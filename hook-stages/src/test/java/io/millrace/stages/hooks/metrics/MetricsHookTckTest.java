package io.millrace.stages.hooks.metrics;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;

/** The metrics hook keeps to the contract of hooks. */
class MetricsHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new MetricsHookFactory();
  }
}
