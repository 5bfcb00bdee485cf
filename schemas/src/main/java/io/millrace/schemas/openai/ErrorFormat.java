package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.PipelineError;
import org.jspecify.annotations.Nullable;

/** An error body. */
final class ErrorFormat {

  private ErrorFormat() {}

  static ObjectNode write(PipelineError error, @Nullable String param) {
    ObjectNode body = JsonText.object();
    body.putObject("error")
        .put("message", error.message())
        .put("type", type(error.category(), error.httpStatus()))
        .put("param", param)
        .put("code", error.code());
    return body;
  }

  private static String type(ErrorCategory category, int httpStatus) {
    return switch (category) {
      case INVALID_REQUEST, SECURITY -> "invalid_request_error";
      case AUTHENTICATION -> httpStatus == 403 ? "permission_error" : "authentication_error";
      case RATE_LIMIT -> "rate_limit_error";
      case TIMEOUT -> "timeout_error";
      case ENDED -> httpStatus < 500 ? "invalid_request_error" : "timeout_error";
      case UPSTREAM, CONFIGURATION, INTERNAL -> "server_error";
    };
  }
}
