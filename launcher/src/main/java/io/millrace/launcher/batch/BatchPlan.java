package io.millrace.launcher.batch;

import io.millrace.ingest.AdmissionLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What to run.
 *
 * @param name keeps this batch's requests apart from others'
 * @param output where completions go
 * @param errors where failures and bad lines go
 * @param indexFolder for an index that the run makes and removes
 * @param model takes the place of every line's own; null leaves them
 * @param maxInFlight how many requests may be under way, at least 1
 * @param maxLineBytes the longest input line
 * @param timeout from a request's acceptance to its deadline
 * @param retryFailed whether lines that failed in an earlier run are run again
 * @param noCache whether every line passes the cache by
 */
record BatchPlan(
    String name,
    Path output,
    Path errors,
    Path indexFolder,
    @Nullable String model,
    int maxInFlight,
    int maxLineBytes,
    Duration timeout,
    boolean retryFailed,
    boolean noCache) {

  private static final int MAX_IN_FLIGHT = 1_000_000;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofDays(1);
  private static final String LINES_ENDING = ".jsonl";

  /**
   * Plans a batch.
   *
   * @throws BatchException when the settings do not fit together
   * @throws IOException when files cannot be compared
   */
  static BatchPlan of(BatchSettings settings, BatchInput input, AdmissionLimits limits)
      throws IOException {
    String name = Objects.requireNonNullElseGet(settings.name(), input::defaultName);
    if (!RequestIds.legalName(name)) {
      throw BatchException.usage(
          "the name '" + name + "' is not 1 to 64 letters, digits and . _ -; choose another");
    }
    if (settings.maxInFlight() < 1 || settings.maxInFlight() > MAX_IN_FLIGHT) {
      throw BatchException.usage("--max-in-flight must be 1 to " + MAX_IN_FLIGHT);
    }
    Path output = settings.output();
    Path errors = settings.errors() != null ? settings.errors() : beside(output);
    refuseSameFile(output, errors, "output and errors");
    if (input.file() != null) {
      refuseSameFile(input.file(), output, "input and output");
      refuseSameFile(input.file(), errors, "input and errors");
    }
    return new BatchPlan(
        name,
        output,
        errors,
        indexFolder(settings.dataDir(), output, name),
        settings.model(),
        settings.maxInFlight(),
        limits.maxRequestBytes(),
        timeout(settings.timeout(), limits.maxTimeout()),
        settings.retryFailed(),
        settings.noCache());
  }

  private static Path beside(Path output) {
    String file = output.getFileName().toString();
    String stem =
        file.endsWith(LINES_ENDING)
            ? file.substring(0, file.length() - LINES_ENDING.length())
            : file;
    return output.resolveSibling(stem + ".errors" + LINES_ENDING);
  }

  private static void refuseSameFile(Path one, Path other, String which) throws IOException {
    boolean same =
        Files.exists(one) && Files.exists(other)
            ? Files.isSameFile(one, other)
            : one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    if (same) {
      throw BatchException.usage(
          which + " are the same file, " + one + "; name two different ones");
    }
  }

  /** The output file's lock keeps a second run from the same folder. */
  private static Path indexFolder(Path dataDir, Path output, String name) {
    String place = output.toAbsolutePath().normalize().toString();
    UUID id = UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8));
    return dataDir.resolve("batch").resolve(name + "-" + id);
  }

  private static Duration timeout(@Nullable Duration wanted, Duration longest) {
    if (wanted == null) {
      return DEFAULT_TIMEOUT.compareTo(longest) < 0 ? DEFAULT_TIMEOUT : longest;
    }
    if (!wanted.isPositive() || wanted.compareTo(longest) > 0) {
      throw BatchException.usage("--timeout must be 1 to " + longest.toSeconds() + " seconds");
    }
    return wanted;
  }
}
