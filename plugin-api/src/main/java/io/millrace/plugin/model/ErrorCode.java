package io.millrace.plugin.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every failure the pipeline itself names. {@link #wireName()} is what stands in results, dead
 * letters, metrics and HTTP errors; it never changes once released. Plugins may use codes of their
 * own.
 */
public enum ErrorCode {
  /** The request lacks a field or has a wrong one. */
  INVALID_REQUEST(ErrorCategory.INVALID_REQUEST, 400),
  /** The request is larger than the configured bound. */
  REQUEST_TOO_LARGE(ErrorCategory.INVALID_REQUEST, 413),
  /** No provider answers for the model. */
  MODEL_NOT_FOUND(ErrorCategory.INVALID_REQUEST, 404),
  /** The provider says the caller's request is at fault. */
  UPSTREAM_REJECTED(ErrorCategory.INVALID_REQUEST, 400),
  /** The caller is not known. */
  UNAUTHENTICATED(ErrorCategory.AUTHENTICATION, 401),
  /** The caller may not do this. */
  FORBIDDEN(ErrorCategory.AUTHENTICATION, 403),
  /** A limit of this pipeline is reached. */
  RATE_LIMITED(ErrorCategory.RATE_LIMIT, 429),
  /** Too much is parked or queued. */
  QUEUE_FULL(ErrorCategory.RATE_LIMIT, 429),
  /** The pipeline has more to do than it can, and leaves out what matters least. */
  OVERLOADED(ErrorCategory.RATE_LIMIT, 503),
  /** The provider's limit is reached, on every key. */
  UPSTREAM_RATE_LIMITED(ErrorCategory.RATE_LIMIT, 429),
  /** The provider did not answer in time. */
  UPSTREAM_TIMEOUT(ErrorCategory.TIMEOUT, 504),
  /** No connection to the provider, or it broke off. */
  UPSTREAM_UNREACHABLE(ErrorCategory.UPSTREAM, 502),
  /** The provider failed (5xx). */
  UPSTREAM_ERROR(ErrorCategory.UPSTREAM, 502),
  /** The provider answered something that is no answer. */
  UPSTREAM_INVALID_RESPONSE(ErrorCategory.UPSTREAM, 502),
  /** The provider's model has failed lately, and is given time to recover. */
  CIRCUIT_OPEN(ErrorCategory.UPSTREAM, 503),
  /** Every key of the provider was refused. */
  UPSTREAM_CREDENTIALS_EXHAUSTED(ErrorCategory.CONFIGURATION, 502),
  /** No key of the provider may be used for the model. */
  NO_ELIGIBLE_KEYS(ErrorCategory.CONFIGURATION, 503),
  /** The provider is not configured or switched off. */
  PROVIDER_UNAVAILABLE(ErrorCategory.CONFIGURATION, 503),
  /** The request's deadline passed. */
  DEADLINE_EXCEEDED(ErrorCategory.ENDED, 504),
  /** The caller cancelled the request. */
  CANCELLED(ErrorCategory.ENDED, 499),
  /** A streamed answer broke off after its first pieces had reached the caller. */
  STREAM_INTERRUPTED(ErrorCategory.INTERNAL, 502),
  /** The caller of a streamed answer reads more slowly than it comes. */
  SLOW_READER(ErrorCategory.ENDED, 408),
  /** A hook failed and its configuration says that ends the attempt. */
  HOOK_FAILED(ErrorCategory.INTERNAL, 500),
  /** The bytes are not what the topic's format says. */
  UNDECODABLE(ErrorCategory.INVALID_REQUEST, 400),
  /** The bytes name a schema that the registry does not have. */
  UNKNOWN_SCHEMA(ErrorCategory.INVALID_REQUEST, 400),
  /** The pipeline cannot take or look up requests at the moment. */
  UNAVAILABLE(ErrorCategory.INTERNAL, 503),
  /** A fault of the pipeline itself. */
  INTERNAL_ERROR(ErrorCategory.INTERNAL, 500);

  private static final Map<String, ErrorCode> BY_WIRE_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(ErrorCode::wireName, Function.identity()));

  private final ErrorCategory category;
  private final int httpStatus;
  private final String wireName;

  ErrorCode(ErrorCategory category, int httpStatus) {
    this.category = category;
    this.httpStatus = httpStatus;
    this.wireName = name().toLowerCase(Locale.ROOT);
  }

  /** The code of a name on the wire, or empty for a plugin's own code. */
  public static Optional<ErrorCode> ofWireName(String wireName) {
    return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
  }

  /** What kind of failure this is. */
  public ErrorCategory category() {
    return category;
  }

  /** The HTTP status that a waiting caller gets. */
  public int httpStatus() {
    return httpStatus;
  }

  /** The name on the wire: lower case with underscores. */
  public String wireName() {
    return wireName;
  }

  /** An error of this code; whether fallbacks are allowed is left to the category. */
  public PipelineError error(String message) {
    return new PipelineError(wireName, category, message, httpStatus, null, null, null);
  }
}
