package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that is far longer than what may be in memory. */
class BatchSizeTest {

  private static final int LINES = 200_000;

  @TempDir Path temp;

  @Test
  void shouldHoldNoMoreThanTheWindowHoweverLongTheInput() throws IOException {
    FakeCluster cluster = new FakeCluster();
    BatchPlan plan = Batches.plan(temp);

    BatchOutcome outcome =
        new BatchRun(
                plan,
                new FakePipeline(cluster, () -> 400),
                Batches.SILENT,
                () -> false,
                System::nanoTime)
            .run(new EndlessLines(LINES));

    assertThat(outcome.success()).isTrue();
    assertThat(outcome.tally().completed()).isEqualTo(LINES);
    assertThat(cluster.mostUnderWay).isLessThanOrEqualTo(plan.maxInFlight());
    try (Stream<String> lines = Files.lines(plan.output())) {
      assertThat(lines.count()).isEqualTo(LINES);
    }
  }

  /** Makes lines as they are read. */
  private static final class EndlessLines extends InputStream {
    private final int count;
    private int next;
    private byte[] current = new byte[0];
    private int position;

    EndlessLines(int count) {
      this.count = count;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read into an array");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (position == current.length) {
        if (next == count) {
          return -1;
        }
        current = Batches.line("id-" + next++).getBytes(StandardCharsets.UTF_8);
        position = 0;
      }
      int part = Math.min(length, current.length - position);
      System.arraycopy(current, position, target, offset, part);
      position += part;
      return part;
    }
  }
}
