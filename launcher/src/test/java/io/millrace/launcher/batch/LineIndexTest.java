package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.launcher.batch.LineIndex.Entry;
import io.millrace.launcher.batch.LineIndex.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineIndexTest {

  @TempDir Path temp;

  @Test
  void shouldRememberEntriesBadLinesAndResults() throws IOException {
    try (LineIndex index = LineIndex.create(temp.resolve("index"))) {
      assertThat(index.entry("a")).isEqualTo(Entry.UNKNOWN);
      index.put("a", new Entry(true, Standing.FAILED, 3));
      index.reportBadLine(7);
      index.keep(FakeCluster.completed("prompts:a:1"));
      index.keep(FakeCluster.completed("prompts:a:1"));

      assertThat(index.entry("a")).isEqualTo(new Entry(true, Standing.FAILED, 3));
      assertThat(index.badLineReported(7)).isTrue();
      assertThat(index.badLineReported(8)).isFalse();
      assertThat(index.keptResults()).isEqualTo(1);
      assertThat(index.take("prompts:a:1")).isEqualTo(FakeCluster.completed("prompts:a:1"));
      assertThat(index.take("prompts:a:1")).isNull();
      assertThat(index.keptResults()).isZero();
    }
  }

  @Test
  void shouldStartEmptyAndLeaveNothingBehind() throws IOException {
    Path folder = temp.resolve("index");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("left-over"), "from a run that was killed");

    try (LineIndex index = LineIndex.create(folder)) {
      assertThat(index.entry("a")).isEqualTo(Entry.UNKNOWN);
    }

    assertThat(folder).doesNotExist();
  }
}
