package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.engine.ModelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every loader keeps to; used as {@link HookTck} is. */
public abstract class ModelLoaderTck {

  /** For subclasses. */
  protected ModelLoaderTck() {}

  /** The loader; a new one at every call. */
  protected abstract ModelLoader loader();

  /** Models that it reads; at least one. */
  protected abstract List<ModelLocation> models();

  @Test
  void shouldSayWhatItIsTheSameAtEveryCall() {
    assertTrue(loader().name().matches("[a-z][a-z0-9-]{0,63}"), "name: " + loader().name());
    assertEquals(loader().name(), loader().name(), "name() must not change");
    assertFalse(loader().description().isBlank(), "a description helps whoever lists plugins");
  }

  @Test
  void shouldNameExtensionsInLowerCaseWithoutADot() {
    assertFalse(loader().extensions().isEmpty(), "a loader reads some kind of file");
    for (String extension : loader().extensions()) {
      assertEquals(extension.toLowerCase(Locale.ROOT), extension, "an extension is lower case");
      assertFalse(extension.startsWith("."), "an extension has no dot: " + extension);
    }
  }

  @Test
  void shouldLoadWhatItSaysItCan() throws ModelException {
    for (ModelLocation location : models()) {
      assertTrue(loader().canLoad(location), "it should be able to load " + location);
      ModelSource source = loader().load(location);
      assertEquals(location, source.location(), "a source says where it came from");
      assertFalse(source.format().isBlank(), "a source names its format");
    }
  }

  @Test
  void shouldSayWhatIsMissing(@TempDir Path folder) {
    String name = "none." + loader().extensions().iterator().next();
    ModelLocation nothing = ModelLocation.ofPath("none", folder.resolve(name));
    ModelException refusal = assertThrows(ModelException.class, () -> loader().load(nothing));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(name), "a refusal names the file: " + message);
  }
}
