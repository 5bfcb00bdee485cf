package io.millrace.plugins;

import io.millrace.plugins.PluginEntry.Type;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a plugin comes from. */
public sealed interface PluginSource {

  /**
   * With Millrace itself.
   *
   * @param name the plugin's own name
   */
  record BuiltIn(String name) implements PluginSource {
    private static final String PREFIX = "builtin";

    @Override
    public String toString() {
      return PREFIX + ":" + name;
    }
  }

  /**
   * A jar, a folder of jars, or a folder of Java source.
   *
   * @param path it need not exist
   */
  record Local(Path path) implements PluginSource {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A Maven artifact. */
  record Coordinates(String group, String artifact, String version) implements PluginSource {
    private static final Pattern SHAPE =
        Pattern.compile("([\\w.-]{1,200}):([\\w.-]{1,200}):([\\w.+-]{1,200})");

    static Optional<Coordinates> parse(String text) {
      Matcher matcher = SHAPE.matcher(text);
      return matcher.matches()
          ? Optional.of(new Coordinates(matcher.group(1), matcher.group(2), matcher.group(3)))
          : Optional.empty();
    }

    @Override
    public String toString() {
      return group + ":" + artifact + ":" + version;
    }
  }

  /**
   * Reads {@code builtin}, {@code builtin:NAME}, Maven coordinates {@code group:artifact:version},
   * or a path.
   *
   * @param name the entry's name, for {@code builtin} alone
   * @param text the entry's source
   * @param type what the entry says of it, or null
   * @throws PluginException when text and type contradict each other, or the text is no path
   */
  static PluginSource of(String name, String text, @Nullable Type type) {
    PluginSource source = read(name, text);
    boolean remote = source instanceof Coordinates;
    if (type == Type.REMOTE && !remote) {
      throw new PluginException(
          "a remote source is group:artifact:version, such as com.example:my-plugin:1.0.0; '%s' is"
                  .formatted(text)
              + " none: write coordinates, or type: local");
    }
    if (type == Type.LOCAL && remote) {
      throw new PluginException(
          "a local source is builtin, or the path of a jar or folder; '%s' is in a repository:"
                  .formatted(text)
              + " write a path, or type: remote");
    }
    return source;
  }

  private static PluginSource read(String name, String text) {
    if (text.equals(BuiltIn.PREFIX)) {
      return new BuiltIn(name);
    }
    if (text.startsWith(BuiltIn.PREFIX + ":")) {
      return new BuiltIn(text.substring(BuiltIn.PREFIX.length() + 1));
    }
    try {
      return Coordinates.parse(text)
          .<PluginSource>map(found -> found)
          .orElseGet(() -> new Local(Path.of(text)));
    } catch (InvalidPathException e) {
      throw new PluginException("'%s' is no path: %s".formatted(text, e.getReason()), e);
    }
  }

  /** The jar or folder of a name in the plugins folder, if there is one. */
  static Optional<Local> inFolder(Path folder, String name) {
    return Optional.of(folder.resolve(name + ".jar"))
        .filter(Files::isRegularFile)
        .or(() -> Optional.of(folder.resolve(name)).filter(Files::isDirectory))
        .map(Local::new);
  }
}
