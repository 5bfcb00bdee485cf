package io.millrace.launcher.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Inputs, plans and result files of batches under test. */
final class Batches {

  static final Progress SILENT =
      new Progress() {
        @Override
        public void update(Tally tally) {}

        @Override
        public void note(String text) {}

        @Override
        public void close() {}
      };

  private static final JsonMapper MAPPER = new JsonMapper();

  private Batches() {}

  static String line(String customId) {
    return line(customId, "simulated/small");
  }

  static String line(String customId, String model) {
    return """
    {"custom_id":"%s","method":"POST","url":"/v1/chat/completions",\
    "body":{"model":"%s","messages":[{"role":"user","content":"Say %s"}]}}
    """
        .formatted(customId, model, customId);
  }

  static BatchPlan plan(Path folder) {
    return plan(folder, false);
  }

  static BatchPlan plan(Path folder, boolean retryFailed) {
    return new BatchPlan(
        "prompts",
        folder.resolve("results.jsonl"),
        folder.resolve("results.errors.jsonl"),
        folder.resolve("index"),
        null,
        20,
        4096,
        Duration.ofMinutes(1),
        retryFailed,
        false);
  }

  /** Runs a batch on a clock that goes 20 ms further each time it is looked at. */
  static BatchOutcome run(BatchPlan plan, BatchPipeline pipeline, String input) {
    AtomicLong nanos = new AtomicLong();
    long step = Duration.ofMillis(20).toNanos();
    try {
      return new BatchRun(plan, pipeline, SILENT, () -> false, () -> nanos.addAndGet(step))
          .run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a result file; none when there is no file. */
  static List<JsonNode> read(Path file) {
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      return Files.readAllLines(file).stream().map(Batches::json).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + text, e);
    }
  }
}
