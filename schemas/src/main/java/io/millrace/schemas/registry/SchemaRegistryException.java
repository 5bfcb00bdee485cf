package io.millrace.schemas.registry;

import org.apache.kafka.common.KafkaException;

/** The registry refused, does not know what was asked for, or cannot be reached. */
public final class SchemaRegistryException extends KafkaException {

  /** The error code where the registry gave none because it was never reached. */
  public static final int UNREACHABLE = -1;

  private final int errorCode;

  /**
   * A failure.
   *
   * @param message what was asked of whom, and what came back
   * @param errorCode the registry's {@code error_code}, or {@link #UNREACHABLE}
   */
  public SchemaRegistryException(String message, int errorCode) {
    super(message);
    this.errorCode = errorCode;
  }

  /** A failure with a cause. */
  public SchemaRegistryException(String message, int errorCode, Throwable cause) {
    super(message, cause);
    this.errorCode = errorCode;
  }

  /** The registry's {@code error_code}: its HTTP status and two more digits, e.g. 40403. */
  public int errorCode() {
    return errorCode;
  }

  /** Whether the registry answered that there is no such schema, subject or version. */
  public boolean notFound() {
    return errorCode / 100 == 404 || errorCode == 404;
  }
}
