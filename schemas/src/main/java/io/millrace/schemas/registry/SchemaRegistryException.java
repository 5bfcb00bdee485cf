package io.millrace.schemas.registry;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The registry refused, does not know what was asked for, or cannot be reached. */
public final class SchemaRegistryException extends KafkaException {

  /** The error code where the registry gave none because it was never reached. */
  public static final int UNREACHABLE = -1;

  /** The error code where something answered, but not as a schema registry does. */
  public static final int INVALID_ANSWER = -2;

  /** The error code where the registry has a schema that is not Avro's, or not for this parser. */
  public static final int NOT_AVRO = -3;

  private final int errorCode;

  /**
   * A failure.
   *
   * @param message what was asked of whom, and what came back
   * @param errorCode the registry's {@code error_code}, or one of the constants of this class
   */
  public SchemaRegistryException(String message, int errorCode) {
    super(message);
    this.errorCode = errorCode;
  }

  /** A failure with a cause. */
  public SchemaRegistryException(String message, int errorCode, @Nullable Throwable cause) {
    super(message, cause);
    this.errorCode = errorCode;
  }

  /** The registry's {@code error_code}: its HTTP status and two more digits, e.g. 40403. */
  public int errorCode() {
    return errorCode;
  }

  /** Whether the registry answered that there is no such schema, subject or version. */
  public boolean notFound() {
    return httpStatus() == 404;
  }

  /**
   * Whether the same call may succeed later without anybody changing it: the registry was not
   * reached, answered nonsense, was overloaded (408, 429) or failed (5xx).
   */
  public boolean retriable() {
    int status = httpStatus();
    return errorCode == UNREACHABLE
        || errorCode == INVALID_ANSWER
        || status == 408
        || status == 429
        || status / 100 == 5;
  }

  private int httpStatus() {
    return errorCode >= 10_000 ? errorCode / 100 : errorCode;
  }
}
