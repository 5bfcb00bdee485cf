package io.millrace.launcher.template;

import io.millrace.plugin.ApiVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A new plugin's Maven project: it builds, and its tests pass, as it is written. */
public final class PluginProject {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final int MAX_NAME_CHARACTERS = 64;

  private final PluginTemplate template;
  private final String name;

  /**
   * A project.
   *
   * @param name the plugin's name: lower case letters, digits and hyphens, a letter first
   * @throws IllegalArgumentException for any other name
   */
  public PluginProject(PluginTemplate template, String name) {
    if (name.length() > MAX_NAME_CHARACTERS || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a plugin's name is 1 to %d lower case letters, digits and single hyphens, a letter first,"
                  .formatted(MAX_NAME_CHARACTERS)
              + " such as my-guard; not '%s'".formatted(name));
    }
    this.template = template;
    this.name = name;
  }

  /** Every file, by its path in the project. */
  public Map<String, String> files() {
    String folder = packageName().replace('.', '/');
    Map<String, String> files = new LinkedHashMap<>();
    files.put("pom.xml", text("pom.xml"));
    files.put("README.md", text(template + "/README.md"));
    files.put(".gitignore", "target/\n");
    for (String suffix : PluginTemplate.MAIN_CLASSES) {
      files.put("src/main/java/%s/%s%s.java".formatted(folder, className(), suffix), java(suffix));
    }
    files.put(
        "src/main/resources/META-INF/services/" + template.service(),
        packageName() + "." + className() + "Factory\n");
    for (String suffix : PluginTemplate.TEST_CLASSES) {
      files.put("src/test/java/%s/%s%s.java".formatted(folder, className(), suffix), java(suffix));
    }
    return files;
  }

  /**
   * Writes the project.
   *
   * @param folder made if missing; must be empty
   * @throws IOException also when it is not empty, saying so
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (var present = Files.list(folder)) {
      if (present.findAny().isPresent()) {
        throw new IOException("%s is not empty: name another folder".formatted(folder));
      }
    }
    for (var file : files().entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.writeString(target, file.getValue());
    }
  }

  /** The implementation's class. */
  public String className() {
    return Arrays.stream(name.split("-"))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** Where the classes are. */
  public String packageName() {
    return "com.example." + name.replace('-', '_');
  }

  private String java(String suffix) {
    return text("%s/%s.java.txt".formatted(template, suffix.isEmpty() ? "Plugin" : suffix));
  }

  private String text(String resource) {
    return read(resource)
        .replace("@name@", name)
        .replace("@Class@", className())
        .replace("@package@", packageName())
        .replace("@kind@", template.toString())
        .replace("@api-version@", ApiVersion.CURRENT.toString());
  }

  private static String read(String resource) {
    try (InputStream in =
        Objects.requireNonNull(PluginProject.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + resource, e);
    }
  }
}
