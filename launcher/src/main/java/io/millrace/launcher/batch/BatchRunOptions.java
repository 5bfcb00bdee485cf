package io.millrace.launcher.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the command line says about a batch; use as a {@code @Mixin}. */
final class BatchRunOptions {

  /** Longer than results take to come back at full speed, and little memory. */
  private static final int DEFAULT_MAX_IN_FLIGHT = 5_000;

  private static final int MAX_IN_FLIGHT = 1_000_000;
  private static final String LINES_ENDING = ".jsonl";

  @Parameters(
      paramLabel = "INPUT",
      description = "File of prompts in the OpenAI batch input format; - reads standard input.")
  private String input;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "Where completions go. A file of an earlier run is gone on with.")
  private Path output;

  @Option(
      names = {"-e", "--errors"},
      paramLabel = "FILE",
      description =
          "Where failures and bad lines go. Default: beside the output, results.errors.jsonl for"
              + " results.jsonl.")
  private @Nullable Path errors;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "The batch's name; the same lines under another name are run anew. Default: the input"
              + " file's name without its ending.")
  private @Nullable String name;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "Takes the place of every line's own model.")
  private @Nullable String model;

  @Option(names = "--tenant", paramLabel = "NAME", description = "Who asks.")
  private @Nullable String tenant;

  @Option(
      names = "--max-in-flight",
      paramLabel = "N",
      description = "How many requests may be under way. Default: ${DEFAULT-VALUE}.",
      defaultValue = "" + DEFAULT_MAX_IN_FLIGHT)
  private int maxInFlight;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "From a request's acceptance to its deadline. Default: 24 hours, or the longest that the"
              + " configuration allows.")
  private @Nullable Long timeoutSeconds;

  @Option(
      names = "--retry-failed",
      description = "Run lines once more that failed in an earlier run.")
  private boolean retryFailed;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  /** Whether the summary is for a program. */
  boolean json() {
    return json;
  }

  /** Who asks, if not the default tenant. */
  Optional<String> tenant() {
    return Optional.ofNullable(tenant);
  }

  BatchInput input() {
    return BatchInput.of(input);
  }

  /**
   * What to run, checked as far as that goes without writing anything.
   *
   * @param maxTimeout the longest that the pipeline allows
   * @param maxLineBytes the longest line
   * @throws BatchException when the options do not fit together
   */
  BatchPlan plan(BatchInput from, Path dataDir, Duration maxTimeout, int maxLineBytes)
      throws IOException {
    String batch = Objects.requireNonNullElseGet(name, from::defaultName);
    if (!RequestIds.legalName(batch)) {
      throw BatchException.usage(
          "the name '" + batch + "' is not 1 to 64 letters, digits and . _ -; choose another");
    }
    if (maxInFlight < 1 || maxInFlight > MAX_IN_FLIGHT) {
      throw BatchException.usage("--max-in-flight must be 1 to " + MAX_IN_FLIGHT);
    }
    Path errorsFile = errors != null ? errors : besideOutput();
    refuseSameFile(from.file(), Optional.of(output), "input and output");
    refuseSameFile(from.file(), Optional.of(errorsFile), "input and errors");
    refuseSameFile(Optional.of(output), Optional.of(errorsFile), "output and errors");
    return new BatchPlan(
        batch,
        output,
        errorsFile,
        indexFolder(dataDir, batch),
        OptionalLong.empty(),
        Optional.ofNullable(model),
        maxInFlight,
        maxLineBytes,
        timeout(maxTimeout),
        retryFailed);
  }

  private Path besideOutput() {
    String file = output.getFileName().toString();
    String stem =
        file.endsWith(LINES_ENDING)
            ? file.substring(0, file.length() - LINES_ENDING.length())
            : file;
    return output.resolveSibling(stem + ".errors" + LINES_ENDING);
  }

  private static void refuseSameFile(Optional<Path> one, Optional<Path> other, String which)
      throws IOException {
    if (one.isEmpty() || other.isEmpty()) {
      return;
    }
    List<Path> files = List.of(one.get(), other.get());
    boolean bothThere = files.stream().allMatch(Files::exists);
    boolean same =
        bothThere
            ? Files.isSameFile(files.getFirst(), files.getLast())
            : files
                .getFirst()
                .toAbsolutePath()
                .normalize()
                .equals(files.getLast().toAbsolutePath().normalize());
    if (same) {
      throw BatchException.usage(
          which + " are the same file, " + files.getFirst() + "; name two different ones");
    }
  }

  /** The output file's lock keeps a second run from the same folder. */
  private Path indexFolder(Path dataDir, String batch) {
    String place = output.toAbsolutePath().normalize().toString();
    UUID id = UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8));
    return dataDir.resolve("batch").resolve(batch + "-" + id);
  }

  private Duration timeout(Duration maxTimeout) {
    if (timeoutSeconds == null) {
      Duration day = Duration.ofDays(1);
      return day.compareTo(maxTimeout) < 0 ? day : maxTimeout;
    }
    if (timeoutSeconds < 1 || timeoutSeconds > maxTimeout.toSeconds()) {
      throw BatchException.usage("--timeout must be 1 to " + maxTimeout.toSeconds() + " seconds");
    }
    return Duration.ofSeconds(timeoutSeconds);
  }
}
