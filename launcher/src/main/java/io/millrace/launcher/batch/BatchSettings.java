package io.millrace.launcher.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user says about a batch.
 *
 * @param input a file of prompts, or {@code -} for standard input
 * @param output where completions go
 * @param errors where failures and bad lines go; null for a file beside the output
 * @param name the batch's name; null for one made of the input file's
 * @param model takes the place of every line's own; null leaves them
 * @param tenant who asks; null for the default tenant
 * @param maxInFlight how many requests may be under way
 * @param timeout from a request's acceptance to its deadline; null for a day or the longest allowed
 * @param retryFailed whether lines that failed in an earlier run are run again
 * @param noCache whether every line passes the cache by
 * @param dataDir where the run may keep a scratch index
 */
public record BatchSettings(
    String input,
    Path output,
    @Nullable Path errors,
    @Nullable String name,
    @Nullable String model,
    @Nullable String tenant,
    int maxInFlight,
    @Nullable Duration timeout,
    boolean retryFailed,
    boolean noCache,
    Path dataDir) {

  /** Longer than results take to come back at full speed, and little memory. */
  public static final String DEFAULT_MAX_IN_FLIGHT = "5000";

  /** Checks presence. */
  public BatchSettings {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(dataDir, "dataDir");
  }
}
