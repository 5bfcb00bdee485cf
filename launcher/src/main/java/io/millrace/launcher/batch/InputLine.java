package io.millrace.launcher.batch;

import io.millrace.plugin.model.CompletionRequest;
import org.jspecify.annotations.Nullable;

/** What an input line turned out to be. */
sealed interface InputLine {

  /** Its number in the input, from 1. */
  long number();

  /**
   * A request to run.
   *
   * @param number from 1
   * @param customId the user's name for it, unique within the input
   * @param fingerprint CRC-32C of the line and of the model that replaces its own
   * @param sizeBytes how long the line is
   * @param request what its body asks for
   */
  record Request(
      long number, String customId, int fingerprint, long sizeBytes, CompletionRequest request)
      implements InputLine {}

  /**
   * A line that cannot be run.
   *
   * @param number from 1
   * @param customId null where it has none that can be read
   * @param code stable name of the fault
   * @param message what is wrong and what would be right
   */
  record Bad(long number, @Nullable String customId, String code, String message)
      implements InputLine {}
}
