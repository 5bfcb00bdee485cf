package io.millrace.engine.onnx;

import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.engine.ModelSource;
import io.millrace.plugin.engine.ModelSource.Data;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds ONNX models and their tokenizers: a file, a folder with {@value #MODEL_FILE}, or a resource
 * on the plugin's class path. The tokenizer is {@code NAME-tokenizer.json} beside {@code
 * NAME.onnx}, else {@code tokenizer.json} there.
 */
final class OnnxLoader implements ModelLoader {

  static final String FORMAT = "onnx";

  /** The name of the part that is the tokenizer. */
  static final String TOKENIZER = "tokenizer";

  private static final String MODEL_FILE = "model.onnx";
  private static final String TOKENIZER_FILE = "tokenizer.json";
  private static final String EXTENSION = ".onnx";

  /** The most bytes of a model that is a resource; files are read by the runtime itself. */
  private static final int MAX_RESOURCE_BYTES = 512 * 1024 * 1024;

  private final ClassLoader resources;

  OnnxLoader(ClassLoader resources) {
    this.resources = resources;
  }

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public String description() {
    return "Reads ONNX models with a tokenizer.json.";
  }

  @Override
  public Set<String> extensions() {
    return Set.of(FORMAT);
  }

  @Override
  public boolean canLoad(ModelLocation location) {
    Path path = location.path();
    return location.extension().equals(FORMAT)
        || (path != null && Files.isRegularFile(path.resolve(MODEL_FILE)));
  }

  @Override
  public ModelSource load(ModelLocation location) throws ModelException {
    Path path = location.path();
    return path == null
        ? fromResource(location, String.valueOf(location.resource()))
        : fromFile(location, Files.isDirectory(path) ? path.resolve(MODEL_FILE) : path);
  }

  private static ModelSource fromFile(ModelLocation location, Path model) throws ModelException {
    if (!Files.isReadable(model)) {
      throw new ModelException("%s cannot be read".formatted(model.toAbsolutePath()));
    }
    for (String name : tokenizers(String.valueOf(model.getFileName()))) {
      Path tokenizer = model.resolveSibling(name);
      if (Files.isReadable(tokenizer)) {
        return new ModelSource(
            location,
            FORMAT,
            new Data.OnDisk(model),
            Map.of(TOKENIZER, new Data.OnDisk(tokenizer)));
      }
    }
    throw noTokenizer(model.toAbsolutePath().toString());
  }

  private ModelSource fromResource(ModelLocation location, String resource) throws ModelException {
    byte[] model = read(resource);
    if (model == null) {
      throw new ModelException(
          "there is no resource %s in the plugin: name one that is, or a path".formatted(resource));
    }
    String folder = resource.substring(0, resource.lastIndexOf('/') + 1);
    for (String name : tokenizers(resource.substring(folder.length()))) {
      byte[] tokenizer = read(folder + name);
      if (tokenizer != null) {
        return new ModelSource(
            location,
            FORMAT,
            new Data.InMemory(model),
            Map.of(TOKENIZER, new Data.InMemory(tokenizer)));
      }
    }
    throw noTokenizer("resource " + resource);
  }

  private byte @Nullable [] read(String resource) throws ModelException {
    try (InputStream in = resources.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      byte[] bytes = in.readNBytes(MAX_RESOURCE_BYTES + 1);
      if (bytes.length > MAX_RESOURCE_BYTES) {
        throw new ModelException(
            "resource %s has more than %d bytes: put it into a file"
                .formatted(resource, MAX_RESOURCE_BYTES));
      }
      return bytes;
    } catch (IOException e) {
      throw new ModelException("resource %s cannot be read: %s".formatted(resource, e), e);
    }
  }

  private static List<String> tokenizers(String model) {
    String base =
        model.endsWith(EXTENSION) ? model.substring(0, model.length() - EXTENSION.length()) : model;
    return List.of(base + "-" + TOKENIZER_FILE, TOKENIZER_FILE);
  }

  private static ModelException noTokenizer(String model) {
    return new ModelException(
        "%s has no tokenizer: put its %s beside it".formatted(model, TOKENIZER_FILE));
  }
}
