package io.millrace.embedded.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LastWordsTest {

  private static final Path FOLDER = Path.of("data");

  @Test
  void shouldSayThatTheDiskIsFullAndWhatToDo() {
    assertThat(LastWords.of(FOLDER, 3 * 1024 * 1024))
        .contains("the disk of", "data is full (3 MB are free)", "make room", "start again")
        .contains("nothing that was acknowledged is lost");
  }

  @Test
  void shouldPointToTheLogWhenThereIsRoomOrNobodyKnows() {
    assertThat(LastWords.of(FOLDER, 1L << 40)).contains("cannot write", "see the log");
    assertThat(LastWords.of(FOLDER, -1)).contains("cannot write", "see the log");
  }
}
