package io.millrace.schemas.openai;

import org.jspecify.annotations.Nullable;

/** A body that does not follow the wire format. */
public final class InvalidBodyException extends Exception {

  private final @Nullable String param;

  /**
   * A fault.
   *
   * @param message what is wrong and what would be right
   * @param param the path of the field, e.g. {@code messages[0].role}; null when it is the whole
   *     body
   */
  public InvalidBodyException(String message, @Nullable String param) {
    super(message);
    this.param = param;
  }

  /** The path of the field that is wrong, or null. */
  public @Nullable String param() {
    return param;
  }
}
