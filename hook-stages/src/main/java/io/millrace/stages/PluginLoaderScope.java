package io.millrace.stages;

/**
 * Makes a plugin's class loader the thread's own while the plugin's code runs: libraries look for
 * services, drivers and resources by it. Restores the former one at the end. Used by one thread.
 */
final class PluginLoaderScope implements AutoCloseable {

  private final Thread thread = Thread.currentThread();
  private final ClassLoader before = thread.getContextClassLoader();

  /** Until it is closed, the thread's loader is the one of the plugin's class. */
  PluginLoaderScope(Object plugin) {
    thread.setContextClassLoader(plugin.getClass().getClassLoader());
  }

  @Override
  public void close() {
    thread.setContextClassLoader(before);
  }
}
