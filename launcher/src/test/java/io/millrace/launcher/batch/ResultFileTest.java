package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {

  private static final String WHOLE = "{\"id\":\"batch_req_1\",\"custom_id\":\"a\"}";

  @TempDir Path temp;
  private Path path = Path.of("");

  @BeforeEach
  void name() {
    path = temp.resolve("results.jsonl");
  }

  @Test
  void shouldAppendBehindWhatIsThere() throws IOException {
    Files.writeString(path, WHOLE + "\n");

    assertThat(readThenAppend("second")).containsExactly(WHOLE);
    assertThat(path).hasContent(WHOLE + "\nsecond\n");
  }

  @Test
  void shouldCutOffALineThatIsNotWhole() throws IOException {
    Files.writeString(path, WHOLE + "\n{\"id\":\"batch_req_2\",\"custom_id\":\"b");

    assertThat(readThenAppend("next")).containsExactly(WHOLE);
    assertThat(path).hasContent(WHOLE + "\nnext\n");
  }

  @Test
  void shouldCutOffALineOfWhichHardlyAnythingWasWritten() throws IOException {
    Files.writeString(path, "{\"i");

    assertThat(readThenAppend("next")).isEmpty();
    assertThat(path).hasContent("next\n");
  }

  @Test
  void shouldEndALineThatIsWholeButForItsLineEnd() throws IOException {
    Files.writeString(path, WHOLE);

    assertThat(readThenAppend("next")).containsExactly(WHOLE);
    assertThat(path).hasContent(WHOLE + "\nnext\n");
  }

  @Test
  void shouldLeaveAFileAloneWhenItIsNobodysResults() throws IOException {
    Files.writeString(path, "dear diary");

    assertThatThrownBy(() -> ResultFile.open(path))
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("not a file of batch results");
    assertThat(path).hasContent("dear diary");
  }

  @Test
  void shouldRefuseWhatCannotBeReadAgain() {
    for (String stream : List.of("-", "/dev/null")) {
      assertThatThrownBy(() -> ResultFile.open(Path.of(stream)))
          .isInstanceOf(BatchException.class)
          .hasMessageContainingAll(stream + " is no file on disk", "name one");
    }
  }

  @Test
  void shouldBeLockedWhileOpen() throws IOException {
    try (ResultFile first = ResultFile.open(path)) {
      assertThat(first.empty()).isTrue();
      assertThatThrownBy(() -> ResultFile.open(path)).hasMessageContaining("in use");
    }
    ResultFile.open(path).close();
  }

  @Test
  void shouldSayWhyWhenItCannotBeWritten() {
    assertThatThrownBy(() -> ResultFile.open(temp.resolve("no/such/results.jsonl")))
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("its folder does not exist");
    assertThatThrownBy(() -> ResultFile.open(temp)).hasMessageContaining("it is a folder");
  }

  @Test
  void shouldKnowWhetherItStillBeginsAsItDid() throws IOException {
    Checkpoint.Extent extent;
    try (ResultFile file = ResultFile.open(path)) {
      file.append(WHOLE.getBytes(StandardCharsets.UTF_8));
      extent = file.force();
      file.append("later".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(extent.bytes()).isEqualTo(WHOLE.length() + 1);
    assertThat(beginsWith(extent)).isTrue();
    assertThat(beginsWith(Checkpoint.Extent.EMPTY)).isTrue();
    assertThat(beginsWith(new Checkpoint.Extent(extent.bytes() - 1, extent.crc()))).isFalse();
    assertThat(beginsWith(new Checkpoint.Extent(10_000, extent.crc()))).isFalse();

    Files.writeString(path, Files.readString(path).replace("_1", "_3"));
    assertThat(beginsWith(extent)).isFalse();
  }

  @Test
  void shouldGiveTheSameChecksumToWhatWasWrittenAtOnceAndInParts() throws IOException {
    byte[] big = "x".repeat(600_000).getBytes(StandardCharsets.UTF_8);
    Checkpoint.Extent first;
    try (ResultFile file = ResultFile.open(path)) {
      file.append(WHOLE.getBytes(StandardCharsets.UTF_8));
      file.append(big);
      first = file.force();
    }
    assertThat(Files.size(path)).isEqualTo(first.bytes());
    assertThat(beginsWith(first)).isTrue();
    Checkpoint.Extent second;
    try (ResultFile file = ResultFile.open(path)) {
      file.read(Checkpoint.Extent.EMPTY, 1_000_000, line -> {});
      second = file.force();
    }
    assertThat(second).isEqualTo(first);
  }

  private boolean beginsWith(Checkpoint.Extent extent) throws IOException {
    try (ResultFile file = ResultFile.open(path)) {
      return file.read(extent, 1_000_000, line -> {});
    }
  }

  private List<String> readThenAppend(String line) throws IOException {
    List<String> found = new ArrayList<>();
    try (ResultFile file = ResultFile.open(path)) {
      file.read(
          Checkpoint.Extent.EMPTY,
          1_000_000,
          raw -> found.add(new String(raw.bytes(), StandardCharsets.UTF_8)));
      file.append(line.getBytes(StandardCharsets.UTF_8));
    }
    return found;
  }
}
