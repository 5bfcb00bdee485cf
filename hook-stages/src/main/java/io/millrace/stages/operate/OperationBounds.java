package io.millrace.stages.operate;

import io.millrace.schemas.avro.HookOperation;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How large what an operator asks may be. */
public final class OperationBounds {

  /** The longest scope key, and the longest name of who asks, in characters. */
  public static final int MAX_KEY_CHARACTERS = 256;

  /** The most arguments. */
  public static final int MAX_ARGUMENTS = 32;

  /** The longest value of an argument, in characters. */
  public static final int MAX_VALUE_CHARACTERS = 4_096;

  /** Operations and arguments: lower case words joined by hyphens or underscores. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");

  private OperationBounds() {}

  /** What is wrong with an operation, and what would be right; empty where nothing is. */
  public static Optional<String> fault(HookOperation operation) {
    if (!NAME.matcher(operation.getOperation()).matches()) {
      return Optional.of(
          "an operation is named in lower case with hyphens, at most 64 characters, such as show");
    }
    if (outOf(operation.getScopeKey())) {
      return Optional.of("a key has 1 to " + MAX_KEY_CHARACTERS + " characters");
    }
    if (outOf(operation.getBy())) {
      return Optional.of("who asks has a name of 1 to " + MAX_KEY_CHARACTERS + " characters");
    }
    return fault(operation.getArguments());
  }

  private static Optional<String> fault(Map<String, String> arguments) {
    if (arguments.size() > MAX_ARGUMENTS) {
      return Optional.of(
          "an operation has at most %d arguments, not %d"
              .formatted(MAX_ARGUMENTS, arguments.size()));
    }
    for (Map.Entry<String, String> argument : arguments.entrySet()) {
      if (!NAME.matcher(argument.getKey()).matches()) {
        return Optional.of(
            "arguments are named in lower case with hyphens or underscores, at most 64 characters");
      }
      if (argument.getValue().length() > MAX_VALUE_CHARACTERS) {
        return Optional.of(
            "argument %s has at most %d characters, not %d"
                .formatted(argument.getKey(), MAX_VALUE_CHARACTERS, argument.getValue().length()));
      }
    }
    return Optional.empty();
  }

  private static boolean outOf(String text) {
    return text.isEmpty() || text.length() > MAX_KEY_CHARACTERS;
  }
}
