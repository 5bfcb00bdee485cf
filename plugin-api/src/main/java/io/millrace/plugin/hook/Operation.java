package io.millrace.plugin.hook;

import java.util.Map;
import java.util.Objects;

/**
 * What an operator asks of a hook about one scope key. Immutable.
 *
 * @param name what to do: lower case words joined by hyphens, such as {@code show} and {@code
 *     reset}
 * @param arguments what there is to know beyond the scope key
 */
public record Operation(String name, Map<String, String> arguments) {

  /** Copies the arguments. */
  public Operation {
    Objects.requireNonNull(name, "name");
    arguments = Map.copyOf(arguments);
  }

  /** An operation without arguments. */
  public static Operation of(String name) {
    return new Operation(name, Map.of());
  }
}
