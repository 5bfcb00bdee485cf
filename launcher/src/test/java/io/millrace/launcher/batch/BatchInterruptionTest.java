package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills runs at random moments, at times with the end of the files lost as by a power cut, and
 * checks that every line gets exactly one answer and every request is run once.
 */
class BatchInterruptionTest {

  private static final int MAX_RUNS = 200;
  private static final int MAX_LINES = 400;

  /** More than a run over the most lines makes, so that some run ends however little was saved. */
  private static final int MAX_CALLS = 4 * MAX_LINES;

  @TempDir Path temp;
  private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final FakeCluster cluster = new FakeCluster();

  /** The process is gone. */
  private static final class Killed extends Error {}

  @RepeatedTest(15)
  void shouldAnswerEveryLineOnceHoweverOftenItIsKilled() {
    List<String> good = new ArrayList<>();
    String input = input(good);
    cluster.fails = id -> Math.floorMod(id.hashCode(), 10) == 0;
    boolean retry = random.nextInt(4) == 0;

    int runs = 0;
    boolean finished = false;
    while (!finished) {
      assertThat(runs++).as("seed %d: runs", seed).isLessThan(MAX_RUNS);
      finished = runUntilKilled(Batches.plan(temp, retry), input);
    }
    if (random.nextBoolean()) {
      Batches.run(plan(), new FakePipeline(cluster, () -> 50), input);
    }

    List<JsonNode> answers = new ArrayList<>(Batches.read(plan().output()));
    answers.addAll(Batches.read(plan().errors()));
    assertThat(count(answers, line -> line.has("line") ? null : line.path("custom_id").asText()))
        .as("seed %d: answers by custom_id", seed)
        .containsOnlyKeys(good)
        .allSatisfy((id, times) -> assertThat(times).as("seed %d: %s", seed, id).isEqualTo(1));
    assertThat(count(answers, line -> line.has("line") ? line.path("line").asText() : null))
        .as("seed %d: bad lines", seed)
        .hasSize((int) input.lines().count() - good.size())
        .allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
    assertThat(cluster.calls.values()).as("seed %d: calls", seed).containsOnly(1);
  }

  private String input(List<String> good) {
    StringBuilder input = new StringBuilder();
    int lines = 1 + random.nextInt(MAX_LINES);
    for (int i = 0; i < lines; i++) {
      if (random.nextInt(50) == 0) {
        input.append("bad line\n");
      } else if (!good.isEmpty() && random.nextInt(50) == 0) {
        input.append(Batches.line(good.get(random.nextInt(good.size()))));
      } else {
        String id = random.nextInt(5) == 0 ? "nummer ünf " + i : "id-" + i;
        good.add(id);
        input.append(Batches.line(id));
      }
    }
    return input.toString();
  }

  private boolean runUntilKilled(BatchPlan plan, String input) {
    KillablePipeline pipeline = new KillablePipeline(random.nextInt(MAX_CALLS));
    try {
      Batches.run(plan, pipeline, input);
      return true;
    } catch (Killed e) {
      pipeline.restoreFiles();
      return false;
    }
  }

  /** Throws at a given call; what happens to the files and the cluster after it, did not happen. */
  private final class KillablePipeline extends FakePipeline {
    private int callsLeft;

    KillablePipeline(int callsLeft) {
      super(BatchInterruptionTest.this.cluster, () -> random.nextInt(8));
      this.callsLeft = callsLeft;
    }

    private void live() {
      if (callsLeft-- == 0) {
        copy(plan().output(), temp.resolve("output.copy"));
        copy(plan().errors(), temp.resolve("errors.copy"));
      }
      if (callsLeft < 0) {
        throw new Killed();
      }
    }

    private void restoreFiles() {
      copy(temp.resolve("output.copy"), plan().output());
      copy(temp.resolve("errors.copy"), plan().errors());
      if (random.nextBoolean()) {
        Checkpoint safe = cluster.checkpoint.orElse(Checkpoint.NOTHING);
        loseEnd(plan().output(), safe.output().bytes());
        loseEnd(plan().errors(), safe.errors().bytes());
      }
    }

    @Override
    public void start(Place place) {
      live();
      super.start(place);
    }

    /** One that brings nothing does not count: how many there are is up to the reader's thread. */
    @Override
    public List<CompletionResult> poll(Duration atMost) {
      List<CompletionResult> results = super.poll(atMost);
      if (!results.isEmpty()) {
        live();
      }
      return results;
    }

    @Override
    public Optional<PipelineError> submit(String requestId, InputLine.Request line) {
      live();
      Optional<PipelineError> refused = super.submit(requestId, line);
      live();
      return refused;
    }

    @Override
    public void save(Checkpoint checkpoint) {
      live();
      super.save(checkpoint);
      live();
    }
  }

  private static void copy(Path from, Path to) {
    try {
      if (Files.exists(from)) {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.deleteIfExists(to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void loseEnd(Path path, long safeBytes) {
    if (!Files.exists(path)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      if (channel.size() > safeBytes) {
        channel.truncate(safeBytes + random.nextLong(channel.size() - safeBytes));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TreeMap<String, Integer> count(
      List<JsonNode> lines, Function<JsonNode, @Nullable String> key) {
    return lines.stream()
        .filter(line -> key.apply(line) != null)
        .collect(
            Collectors.toMap(
                line -> Objects.requireNonNull(key.apply(line)),
                line -> 1,
                Integer::sum,
                TreeMap::new));
  }

  private BatchPlan plan() {
    return Batches.plan(temp);
  }
}
