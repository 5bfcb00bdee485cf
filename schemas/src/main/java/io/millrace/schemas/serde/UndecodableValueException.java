package io.millrace.schemas.serde;

import io.millrace.plugin.model.ErrorCode;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes themselves are at fault and will be whenever they are read again: not in the wire
 * format, cut off, followed by more, or written with a schema that the registry does not have. An
 * outage of the registry is never this exception, but a {@link
 * io.millrace.schemas.registry.SchemaRegistryException}.
 */
public final class UndecodableValueException extends SerializationException {

  private final ErrorCode code;

  /**
   * A fault.
   *
   * @param code {@link ErrorCode#UNDECODABLE} or {@link ErrorCode#UNKNOWN_SCHEMA}
   * @param message what is wrong, without the bytes themselves
   */
  public UndecodableValueException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Why: what a dead letter says. */
  public ErrorCode code() {
    return code;
  }
}
