package io.millrace.plugins;

import io.millrace.plugins.PluginSource.BuiltIn;
import io.millrace.plugins.PluginSource.Coordinates;
import io.millrace.plugins.PluginSource.Local;
import io.millrace.plugins.schema.Suggestion;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens sources: what stands there becomes classes in a loader of their own, and factories. */
final class PluginOpener {

  private final PluginHostConfig config;
  private final List<EntryPoint> builtIn;
  private final ClassLoader api = new ApiClassLoader(PluginOpener.class.getClassLoader());

  PluginOpener(PluginHostConfig config, List<EntryPoint> builtIn) {
    this.config = config;
    this.builtIn = List.copyOf(builtIn);
  }

  /**
   * Opens a source.
   *
   * @throws PluginException when it is refused; nothing stays open then
   */
  OpenedPlugin open(PluginSource source) {
    try {
      return switch (source) {
        case BuiltIn wanted -> builtIn(wanted);
        case Local local -> isolated(source, local(local.path()));
        case Coordinates coordinates -> isolated(source, fetch(coordinates));
      };
    } catch (IOException e) {
      throw new PluginException("%s cannot be read: %s".formatted(source, e), e);
    }
  }

  /** What an entry without a source means: a built-in, or what has its name in the folder. */
  PluginSource byName(String name) {
    if (find(name).isPresent()) {
      return new BuiltIn(name);
    }
    return PluginSource.inFolder(config.folder(), name)
        .<PluginSource>map(found -> found)
        .orElseThrow(
            () ->
                new PluginException(
                    "there is no built-in plugin '%s', neither %s nor a folder of that name: say where it is with 'source'; %s"
                        .formatted(
                            name, config.folder().resolve(name + ".jar"), suggestion(name))));
  }

  /** Built in, and whatever is a jar or a folder in the plugins folder, by name. */
  List<PluginSource> sources() {
    List<PluginSource> sources = new ArrayList<>();
    builtIn.forEach(entry -> sources.add(new BuiltIn(entry.name())));
    if (Files.isDirectory(config.folder())) {
      try (Stream<Path> files = Files.list(config.folder())) {
        files
            .filter(file -> PluginFiles.isJar(file) || Files.isDirectory(file))
            .sorted()
            .forEach(file -> sources.add(new Local(file)));
      } catch (IOException e) {
        throw new PluginException("%s cannot be read: %s".formatted(config.folder(), e), e);
      }
    }
    return sources;
  }

  private String suggestion(String name) {
    return Suggestion.of(name, builtIn.stream().map(EntryPoint::name).toList());
  }

  private Optional<EntryPoint> find(String name) {
    return builtIn.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  private OpenedPlugin builtIn(BuiltIn wanted) {
    EntryPoint entry =
        find(wanted.name())
            .orElseThrow(
                () ->
                    new PluginException(
                        "there is no built-in plugin '%s'; %s"
                            .formatted(wanted.name(), suggestion(wanted.name()))));
    return new OpenedPlugin("builtin", null, List.of(entry), null);
  }

  private PluginFiles local(Path path) throws IOException {
    if (PluginFiles.isJar(path)) {
      return new PluginFiles(List.of(path), false);
    }
    if (!Files.isDirectory(path)) {
      throw new PluginException(
          "%s is neither a jar nor a folder: a source is builtin, a path, or group:artifact:version"
              .formatted(path.toAbsolutePath()));
    }
    List<Path> jars = PluginFiles.jars(path);
    return jars.isEmpty()
        ? new SourceCompiler(config.compiled()).compile(path)
        : new PluginFiles(jars, false);
  }

  private PluginFiles fetch(Coordinates coordinates) {
    try (ArtifactFetcher fetcher = new ArtifactFetcher(config)) {
      return fetcher.fetch(coordinates);
    }
  }

  private OpenedPlugin isolated(PluginSource source, PluginFiles files) throws IOException {
    String origin = source.toString();
    if (!files.compiled()) {
      ApiVersionCheck.check(origin, files.path());
    }
    URLClassLoader loader = new URLClassLoader("plugin " + origin, urls(files.path()), api);
    try {
      EntryPoints points = new EntryPoints(origin, loader);
      List<EntryPoint> entries = points.declared();
      if (entries.isEmpty() && files.compiled()) {
        entries = points.scanned(files.path().getFirst());
      }
      if (entries.isEmpty()) {
        throw ApiVersionCheck.noEntryPoint(origin);
      }
      return new OpenedPlugin(origin, version(source, files), entries, loader);
    } catch (IOException | RuntimeException e) {
      loader.close();
      throw e;
    }
  }

  private static @Nullable String version(PluginSource source, PluginFiles files)
      throws IOException {
    if (source instanceof Coordinates coordinates) {
      return coordinates.version();
    }
    if (files.compiled()) {
      return null;
    }
    try (JarFile jar = new JarFile(files.path().getFirst().toFile())) {
      Manifest manifest = jar.getManifest();
      return manifest == null
          ? null
          : manifest.getMainAttributes().getValue("Implementation-Version");
    }
  }

  private static URL[] urls(List<Path> path) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (Path entry : path) {
      urls.add(entry.toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }
}
