package io.millrace.launcher.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.launcher.batch.LineIndex.Entry;
import io.millrace.launcher.batch.LineIndex.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** The output file and the errors file: together they say which lines are done. Not thread-safe. */
final class ResultFiles implements AutoCloseable {

  /** Far more than a result has: results travel in records of at most 10 MiB. */
  private static final int MAX_LINE_BYTES = 64 * 1024 * 1024;

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final JsonFactory FACTORY = new JsonFactory();

  private final ResultFile output;
  private ResultFile errors;

  private ResultFiles(ResultFile output, ResultFile errors) {
    this.output = output;
    this.errors = errors;
  }

  /** Opens both files; see {@link ResultFile#open}. */
  static ResultFiles open(Path outputPath, Path errorsPath) throws IOException {
    ResultFile output = ResultFile.open(outputPath);
    try {
      return new ResultFiles(output, ResultFile.open(errorsPath));
    } catch (BatchException e) {
      output.close();
      throw e;
    }
  }

  /** Finds out before anything is started whether the files can be written. */
  static void checkWritable(BatchPlan plan) throws IOException {
    open(plan.output(), plan.errors()).close();
  }

  /**
   * Notes in the index what earlier runs wrote; must come before the first line is added.
   *
   * @return whether the files begin with what a checkpoint covers
   */
  boolean load(LineIndex index, Checkpoint checkpoint) throws IOException {
    boolean sameErrors =
        errors.read(checkpoint.errors(), MAX_LINE_BYTES, line -> loadError(index, line));
    boolean sameOutput =
        output.read(checkpoint.output(), MAX_LINE_BYTES, line -> loadCompletion(index, line));
    return sameErrors && sameOutput;
  }

  private void loadCompletion(LineIndex index, RawLine line) {
    String customId = customId(line);
    if (customId == null) {
      throw foreign(output, line);
    }
    index.put(customId, new Entry(false, Standing.COMPLETED, index.entry(customId).round()));
  }

  private void loadError(LineIndex index, RawLine line) {
    JsonNode json = json(line);
    JsonNode number = json.path("line");
    if (number.isIntegralNumber()) {
      index.reportBadLine(number.longValue());
      return;
    }
    String customId = json.path("custom_id").textValue();
    if (customId == null) {
      throw foreign(errors, line);
    }
    index.put(customId, new Entry(false, Standing.FAILED, round(json)));
  }

  private static int round(JsonNode failure) {
    return RequestIds.roundOf(failure.path("response").path("request_id").asText());
  }

  private JsonNode json(RawLine line) {
    try {
      return MAPPER.readTree(line.bytes());
    } catch (IOException e) {
      throw foreign(errors, line);
    }
  }

  /** Reads only as far as the field, which comes second: results can be long. */
  private static @Nullable String customId(RawLine line) {
    try (JsonParser parser = FACTORY.createParser(line.bytes())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals("custom_id");
        if (parser.nextToken() == JsonToken.VALUE_STRING && found) {
          return parser.getText();
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  private static BatchException foreign(ResultFile file, RawLine line) {
    return BatchException.usage(
        file.path()
            + " exists, and its line "
            + line.number()
            + " is not a batch result; name another file");
  }

  /** Adds a completion. */
  void addCompletion(byte[] line) {
    output.append(line);
  }

  /** Adds a failure or a bad line. */
  void addError(byte[] line) {
    errors.append(line);
  }

  /** Hands everything to the operating system. */
  void flush() {
    output.flush();
    errors.flush();
  }

  /** Makes everything safe on disk. */
  Checkpoint force() {
    return new Checkpoint(output.force(), errors.force());
  }

  /** Takes failures out of the errors file that a later try has outdated. */
  void dropOutdatedErrors(LineIndex index) throws IOException {
    errors.force();
    Path path = errors.path();
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    ResultFile replacement = ResultFile.open(fresh);
    try {
      errors.read(
          Checkpoint.Extent.EMPTY,
          MAX_LINE_BYTES,
          line -> {
            if (current(index, json(line))) {
              replacement.append(line.bytes());
            }
          });
      replacement.force();
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      replacement.close();
    }
    errors.close();
    errors = ResultFile.open(path);
    errors.read(Checkpoint.Extent.EMPTY, MAX_LINE_BYTES, line -> {});
  }

  private static boolean current(LineIndex index, JsonNode failure) {
    String customId = failure.path("custom_id").textValue();
    if (customId == null || failure.has("line")) {
      return true;
    }
    Entry entry = index.entry(customId);
    return entry.standing() != Standing.COMPLETED && round(failure) >= entry.round();
  }

  /** Closes both, and removes an errors file that has nothing in it. */
  @Override
  public void close() throws IOException {
    try (ResultFile first = output;
        ResultFile second = errors) {
      second.flush();
      if (second.empty()) {
        Files.deleteIfExists(second.path());
      }
      first.flush();
    }
  }
}
