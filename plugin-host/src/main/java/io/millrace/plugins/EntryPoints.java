package io.millrace.plugins;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Finds the factories in a plugin's classes and makes one of each. */
final class EntryPoints {

  private final String origin;
  private final ClassLoader loader;

  /** Looks in a class loader. */
  EntryPoints(String origin, ClassLoader loader) {
    this.origin = origin;
    this.loader = loader;
  }

  /**
   * The factories that service files name.
   *
   * @throws PluginException when one cannot be made
   */
  List<EntryPoint> declared() {
    List<EntryPoint> found = new ArrayList<>();
    for (PluginKind kind : PluginKind.values()) {
      Iterator<?> factories = ServiceLoader.load(kind.service(), loader).iterator();
      while (guarded(factories::hasNext)) {
        found.add(guarded(() -> EntryPoint.of(factories.next())));
      }
    }
    return found;
  }

  /**
   * The one public factory among compiled classes, for sources without a service file.
   *
   * @throws PluginException when there is none, or more than one
   */
  List<EntryPoint> scanned(Path classes) throws IOException {
    List<Class<?>> factories;
    try (Stream<Path> files = Files.walk(classes)) {
      factories =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .map(file -> className(classes, file))
              .sorted()
              .<Class<?>>map(name -> guarded(() -> Class.forName(name, false, loader)))
              .filter(EntryPoints::isFactory)
              .toList();
    }
    if (factories.size() != 1) {
      throw new PluginException(
          "%s must have one public factory class with a public constructor without parameters, or a"
                  .formatted(origin)
              + " file META-INF/services/%s that names it; found %s"
                  .formatted(
                      PluginKind.HOOK.service().getName(),
                      factories.isEmpty()
                          ? "none"
                          : factories.stream().map(Class::getName).toList()));
    }
    Class<?> only = factories.getFirst();
    return List.of(guarded(() -> EntryPoint.of(only.getConstructor().newInstance())));
  }

  private static String className(Path root, Path file) {
    String name =
        root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
    return name.substring(0, name.length() - ".class".length());
  }

  private static boolean isFactory(Class<?> type) {
    return Arrays.stream(PluginKind.values())
            .anyMatch(kind -> kind.service().isAssignableFrom(type))
        && Modifier.isPublic(type.getModifiers())
        && !Modifier.isAbstract(type.getModifiers())
        && Arrays.stream(type.getConstructors())
            .anyMatch(constructor -> constructor.getParameterCount() == 0);
  }

  /** Whatever goes wrong in a plugin's own code is the plugin's fault, errors included. */
  private <T> T guarded(Step<T> step) {
    try {
      return step.run();
    } catch (ServiceConfigurationError | ReflectiveOperationException e) {
      throw refused(Optional.ofNullable(e.getCause()).orElse(e));
    } catch (LinkageError | RuntimeException e) {
      throw refused(e);
    }
  }

  private PluginException refused(Throwable failure) {
    Throwable cause =
        failure instanceof ExceptionInInitializerError && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return new PluginException(
        "%s cannot be loaded: its factory class failed with %s".formatted(origin, cause), failure);
  }

  private interface Step<T> {
    T run() throws ReflectiveOperationException;
  }
}
