package io.millrace.plugins;

/**
 * The parent of every plugin's class loader: the JDK, the plugin interface and the null marks, and
 * nothing else of the host. Its resources are the JDK's alone, so the host's services never show.
 */
final class ApiClassLoader extends ClassLoader {

  private static final String API = "io.millrace.plugin.";
  private static final String NULL_MARKS = "org.jspecify.annotations.";

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader host;

  ApiClassLoader(ClassLoader host) {
    super("millrace-plugin-api", ClassLoader.getPlatformClassLoader());
    this.host = host;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return name.startsWith(API) || name.startsWith(NULL_MARKS)
        ? host.loadClass(name)
        : super.loadClass(name, resolve);
  }
}
