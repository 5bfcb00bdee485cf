package io.millrace.plugins;

import io.millrace.plugin.ApiVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** Refuses jars that name no entry point, or were built for another version of the interface. */
final class ApiVersionCheck {

  private ApiVersionCheck() {}

  /**
   * Checks the jars of one plugin: those with entry points must name a version that fits.
   *
   * @throws PluginException saying what was expected and found
   */
  static void check(String origin, List<Path> jars) {
    boolean found = false;
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        if (hasEntryPoint(file)) {
          checkVersion(jar, file.getManifest());
          found = true;
        }
      } catch (IOException e) {
        throw new PluginException(
            "%s cannot be read as a jar: %s".formatted(jar, e.getMessage()), e);
      }
    }
    if (!found) {
      throw noEntryPoint(origin);
    }
  }

  static PluginException noEntryPoint(String origin) {
    return new PluginException(
        "%s has no entry point: expected a file META-INF/services/%s (or of a %s) that names the"
                .formatted(
                    origin,
                    PluginKind.HOOK.service().getName(),
                    String.join(
                        ", ",
                        Arrays.stream(PluginKind.values())
                            .skip(1)
                            .map(kind -> kind.service().getSimpleName())
                            .toList()))
            + " factory class, found none");
  }

  private static boolean hasEntryPoint(JarFile file) {
    return Arrays.stream(PluginKind.values())
        .anyMatch(kind -> file.getEntry(kind.serviceFile()) != null);
  }

  private static void checkVersion(Path jar, @Nullable Manifest manifest) {
    String written =
        Optional.ofNullable(manifest)
            .map(present -> present.getMainAttributes().getValue(ApiVersion.MANIFEST_ATTRIBUTE))
            .orElseThrow(
                () ->
                    new PluginException(
                        "%s does not say which plugin interface it was built for: expected the manifest"
                                .formatted(jar)
                            + " attribute %s: %s, found none"
                                .formatted(ApiVersion.MANIFEST_ATTRIBUTE, ApiVersion.CURRENT)));
    ApiVersion version;
    try {
      version = ApiVersion.parse(written);
    } catch (IllegalArgumentException e) {
      throw new PluginException("%s: %s".formatted(jar, e.getMessage()), e);
    }
    if (!version.supported()) {
      throw new PluginException(
          "%s was built for version %s of the plugin interface, this is %s: build it for %d.0 to %s"
              .formatted(
                  jar,
                  version,
                  ApiVersion.CURRENT,
                  ApiVersion.CURRENT.major(),
                  ApiVersion.CURRENT));
    }
  }
}
