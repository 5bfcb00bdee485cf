package io.millrace.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.engine.ModelSource.Data;
import io.millrace.plugin.tck.ModelLoaderTck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxLoaderTest extends ModelLoaderTck {

  @TempDir private Path folder;

  @Override
  protected ModelLoader loader() {
    return new OnnxLoader(OnnxLoaderTest.class.getClassLoader());
  }

  @Override
  protected List<ModelLocation> models() {
    return List.of(MiniLm.location());
  }

  @Test
  void shouldFindModelAndTokenizerInAFolder() throws Exception {
    Files.writeString(folder.resolve("model.onnx"), "model");
    Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");
    ModelLocation location = ModelLocation.ofPath("m", folder);

    assertThat(loader().canLoad(location)).isTrue();
    assertThat(loader().load(location).part(OnnxLoader.TOKENIZER))
        .isEqualTo(new Data.OnDisk(tokenizer));
  }

  @Test
  void shouldPreferATokenizerNamedAfterTheModel() throws Exception {
    Path model = Files.writeString(folder.resolve("small.onnx"), "model");
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    Path own = Files.writeString(folder.resolve("small-tokenizer.json"), "{}");

    assertThat(loader().load(ModelLocation.ofPath("m", model)).part(OnnxLoader.TOKENIZER))
        .isEqualTo(new Data.OnDisk(own));
  }

  @Test
  void shouldNotTakeAFolderWithoutAModel() {
    assertThat(loader().canLoad(ModelLocation.ofPath("m", folder))).isFalse();
  }

  @Test
  void shouldSayThatATokenizerIsMissing() throws Exception {
    Path model = Files.writeString(folder.resolve("small.onnx"), "model");

    assertThatThrownBy(() -> loader().load(ModelLocation.ofPath("m", model)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("small.onnx has no tokenizer: put its tokenizer.json beside it");
  }

  @Test
  void shouldSayThatAResourceIsMissing() {
    assertThatThrownBy(() -> loader().load(ModelLocation.ofResource("m", "none.onnx")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("there is no resource none.onnx");
  }
}
