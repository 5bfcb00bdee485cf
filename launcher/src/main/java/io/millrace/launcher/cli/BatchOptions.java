package io.millrace.launcher.cli;

import io.millrace.launcher.batch.BatchSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that describe a batch. */
final class BatchOptions {

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
      defaultValue = BatchSettings.DEFAULT_MAX_IN_FLIGHT)
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

  @Option(
      names = "--no-cache",
      description = "Ask the provider for every line: neither read nor fill the cache.")
  private boolean noCache;

  /** What the options say. */
  BatchSettings settings(Path dataDir) {
    return new BatchSettings(
        input,
        output,
        errors,
        name,
        model,
        tenant,
        maxInFlight,
        timeoutSeconds == null ? null : Duration.ofSeconds(timeoutSeconds),
        retryFailed,
        noCache,
        dataDir);
  }
}
