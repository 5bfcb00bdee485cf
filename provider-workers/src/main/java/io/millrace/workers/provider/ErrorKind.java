package io.millrace.workers.provider;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.FailureClass;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What kind of failure an error answer is (hook contract, H26). */
enum ErrorKind {
  /** The caller's request is at fault. */
  REQUEST(FailureClass.REQUEST_REJECTED, ErrorCode.UPSTREAM_REJECTED),
  /** The key is refused, or its account is out of money. */
  KEY(FailureClass.KEY_REJECTED, ErrorCode.UPSTREAM_CREDENTIALS_EXHAUSTED),
  /** The model is not there, or not for this key. */
  MODEL(FailureClass.KEY_REJECTED, ErrorCode.MODEL_NOT_FOUND),
  /** The model is not there, whatever the key: a request with a wrong name. */
  MODEL_NAME(FailureClass.REQUEST_REJECTED, ErrorCode.MODEL_NOT_FOUND),
  /** The provider gave up waiting. */
  TIMEOUT(FailureClass.TIMEOUT, ErrorCode.UPSTREAM_TIMEOUT),
  /** Too many calls. */
  LIMIT(FailureClass.RATE_LIMITED, ErrorCode.UPSTREAM_RATE_LIMITED),
  /** The provider failed. */
  SERVER(FailureClass.SERVER_ERROR, ErrorCode.UPSTREAM_ERROR);

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int FAILED = 500;
  private static final int LAST = 599;

  /** What providers call an account without money. */
  private static final Set<String> QUOTA_CODES =
      Set.of(
          "insufficient_quota",
          "billing_hard_limit_reached",
          "billing_not_active",
          "billing_error");

  /** OpenRouter answers 403 to a text that moderation flags, and shows it: the key is good. */
  private static final String FLAGGED = "\"flagged_input\"";

  private static final String NO_CREDIT = "credit balance is too low";

  /** What they call a model that is not there. */
  private static final Set<String> MODEL_CODES =
      Set.of("model_not_found", "model_not_supported", "invalid_model", "DeploymentNotFound");

  /** The statuses of errors that come without one: within a stream, or in a 200. */
  private static final Map<String, Integer> STATUS_OF_TYPE =
      Map.ofEntries(
          Map.entry("invalid_request_error", 400),
          Map.entry("validation", 422),
          Map.entry("authentication_error", 401),
          Map.entry("billing_error", 402),
          Map.entry("insufficient_quota", 402),
          Map.entry("permission_error", 403),
          Map.entry("not_found_error", NOT_FOUND),
          Map.entry("model_not_found", NOT_FOUND),
          Map.entry("request_too_large", 413),
          Map.entry("rate_limit_error", 429),
          Map.entry("rate_limit_exceeded", 429),
          Map.entry("timeout_error", 504),
          Map.entry("overloaded_error", 529),
          Map.entry("overloaded", 529));

  private final FailureClass failure;
  private final ErrorCode code;

  ErrorKind(FailureClass failure, ErrorCode code) {
    this.failure = failure;
    this.code = code;
  }

  FailureClass failure() {
    return failure;
  }

  ErrorCode code() {
    return code;
  }

  /** The kind of an error answer. */
  static ErrorKind of(int status, ErrorBody body) {
    if (QUOTA_CODES.contains(body.code())
        || QUOTA_CODES.contains(body.type())
        || body.message().contains(NO_CREDIT)) {
      return KEY;
    }
    if ((status == BAD_REQUEST || status == NOT_FOUND) && isAboutModel(status, body)) {
      return status == NOT_FOUND ? MODEL : MODEL_NAME;
    }
    return switch (status) {
      case 401, 402 -> KEY;
      case 403 -> body.text().contains(FLAGGED) ? REQUEST : KEY;
      case 408 -> TIMEOUT;
      // Groq says 498 while it has no capacity to spare.
      case 409, 425, 498 -> SERVER;
      case 429 -> LIMIT;
      default -> status >= FAILED ? SERVER : REQUEST;
    };
  }

  /** The status that an error stands for which came without one; 500 where it does not say. */
  static int statusOf(ErrorBody body) {
    if (body.code().matches("[45][0-9]{2}")) {
      int status = Integer.parseInt(body.code());
      return status <= LAST ? status : FAILED;
    }
    Integer ofCode = STATUS_OF_TYPE.get(body.code());
    return ofCode != null ? ofCode : STATUS_OF_TYPE.getOrDefault(body.type(), FAILED);
  }

  private static boolean isAboutModel(int status, ErrorBody body) {
    if (MODEL_CODES.contains(body.code()) || MODEL_CODES.contains(body.type())) {
      return true;
    }
    String message = body.message().toLowerCase(Locale.ROOT);
    return status == NOT_FOUND
        && message.contains("model")
        && (message.contains("not found")
            || message.contains("does not exist")
            || body.type().equals("not_found_error"));
  }
}
