package io.millrace.workers.provider;

import static io.millrace.plugin.provider.FailureClass.CONNECTION;
import static io.millrace.plugin.provider.FailureClass.INVALID_RESPONSE;
import static io.millrace.plugin.provider.FailureClass.KEY_REJECTED;
import static io.millrace.plugin.provider.FailureClass.RATE_LIMITED;
import static io.millrace.plugin.provider.FailureClass.REQUEST_REJECTED;
import static io.millrace.plugin.provider.FailureClass.SERVER_ERROR;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.http.BoundedBody;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP answer, or the lack of one, means (hook contract, H26 and H33). Messages say what a
 * person needs; what the provider wrote is kept apart, cut to a bound and without the key.
 */
final class OpenAiReplies {

  private static final int OK = 200;
  private static final int MOVED = 300;
  private static final int BAD_REQUEST = 400;
  private static final int FAILED = 500;
  private static final String MODEL_NOT_FOUND = "model_not_found";

  /** What providers call an account without money. */
  private static final Set<String> QUOTA_CODES =
      Set.of("insufficient_quota", "billing_hard_limit_reached", "billing_not_active");

  private final String provider;
  private final InstantSource clock;

  OpenAiReplies(String provider, InstantSource clock) {
    this.provider = provider;
    this.clock = clock;
  }

  /** What an answer means. */
  ProviderReply read(HttpResponse<byte[]> response, ProviderRequest request) {
    int status = response.statusCode();
    if (status == OK) {
      return success(response.body(), request);
    }
    ErrorBody body = ErrorBody.read(response.body(), request.apiKey());
    if (status < BAD_REQUEST) {
      return notAnAnswer(status);
    }
    Duration retryAfter = RetryAfter.read(response.headers(), clock.instant());
    return failure(status, body, retryAfter);
  }

  /** Nothing came in time. */
  ProviderReply timedOut(Duration timeout) {
    return new ProviderReply.Failure(
        FailureClass.TIMEOUT,
        ErrorCode.UPSTREAM_TIMEOUT.error(
            "provider %s did not answer within %d ms".formatted(provider, timeout.toMillis())),
        null);
  }

  /** No connection, or one that broke off. */
  ProviderReply broken(IOException cause) {
    if (cause instanceof BoundedBody.TooLongException) {
      return invalid(
          "the answer of provider %s is refused: %s".formatted(provider, cause.getMessage()));
    }
    String why = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new ProviderReply.Failure(
        CONNECTION,
        ErrorCode.UPSTREAM_UNREACHABLE.error(
            "the connection to provider %s failed (%s%s)"
                .formatted(provider, cause.getClass().getSimpleName(), why)),
        null);
  }

  private ProviderReply success(byte[] bytes, ProviderRequest request) {
    try {
      JsonNode body = ChatCompletions.parse(bytes);
      if (body.hasNonNull("error")) {
        ErrorBody error = ErrorBody.of(body, bytes, request.apiKey());
        return new ProviderReply.Failure(
            SERVER_ERROR, named(ErrorCode.UPSTREAM_ERROR, OK, error, null), OK);
      }
      return new ProviderReply.Success(
          withNames(ChatCompletions.readCompletion(body), request), OK);
    } catch (InvalidBodyException e) {
      return invalid(
          "provider %s answered 200 with something that is no completion: %s"
              .formatted(provider, e.getMessage()));
    }
  }

  /** Servers that only resemble the original leave these out. */
  private static Completion withNames(Completion completion, ProviderRequest request) {
    if (!completion.id().isEmpty() && !completion.model().isEmpty()) {
      return completion;
    }
    return new Completion(
        completion.id().isEmpty() ? request.callId() : completion.id(),
        completion.model().isEmpty() ? request.model() : completion.model(),
        completion.createdSeconds(),
        completion.choices(),
        completion.usage(),
        completion.extra());
  }

  private ProviderReply notAnAnswer(int status) {
    PipelineError error =
        ErrorCode.UPSTREAM_INVALID_RESPONSE.error(
            status < MOVED
                ? "provider %s answered %d where 200 was due".formatted(provider, status)
                : "provider %s redirects (status %d), which is refused: set base_url to the final address"
                    .formatted(provider, status));
    return new ProviderReply.Failure(REQUEST_REJECTED, error, status);
  }

  private ProviderReply failure(int status, ErrorBody body, @Nullable Duration retryAfter) {
    if (QUOTA_CODES.contains(body.code())) {
      return refusedKey(status, body, retryAfter);
    }
    return switch (status) {
      case 401, 402, 403 -> refusedKey(status, body, retryAfter);
      case 404 ->
          body.code().equals(MODEL_NOT_FOUND)
              ? of(KEY_REJECTED, ErrorCode.MODEL_NOT_FOUND, status, body, retryAfter)
              : rejected(status, body);
      case 408 -> of(FailureClass.TIMEOUT, ErrorCode.UPSTREAM_TIMEOUT, status, body, retryAfter);
      case 409, 425 -> of(SERVER_ERROR, ErrorCode.UPSTREAM_ERROR, status, body, retryAfter);
      case 429 -> of(RATE_LIMITED, ErrorCode.UPSTREAM_RATE_LIMITED, status, body, retryAfter);
      default ->
          status >= FAILED
              ? of(SERVER_ERROR, ErrorCode.UPSTREAM_ERROR, status, body, retryAfter)
              : rejected(status, body);
    };
  }

  /** What the provider writes about a key may show a part of it, so none of it is kept. */
  private ProviderReply refusedKey(int status, ErrorBody body, @Nullable Duration retryAfter) {
    return of(
        KEY_REJECTED,
        ErrorCode.UPSTREAM_CREDENTIALS_EXHAUSTED,
        status,
        body.codeOnly(),
        retryAfter);
  }

  /** The caller's fault: the caller gets the provider's own status. */
  private ProviderReply rejected(int status, ErrorBody body) {
    PipelineError named = named(ErrorCode.UPSTREAM_REJECTED, status, body, null);
    PipelineError error =
        new PipelineError(
            named.code(),
            named.category(),
            named.message(),
            status,
            null,
            null,
            named.providerBody());
    return new ProviderReply.Failure(REQUEST_REJECTED, error, status);
  }

  private ProviderReply of(
      FailureClass failure,
      ErrorCode code,
      int status,
      ErrorBody body,
      @Nullable Duration retryAfter) {
    return new ProviderReply.Failure(failure, named(code, status, body, retryAfter), status);
  }

  private PipelineError named(
      ErrorCode code, int status, ErrorBody body, @Nullable Duration retryAfter) {
    PipelineError error =
        code.error("provider %s answered %d%s".formatted(provider, status, body.describe()));
    if (!body.text().isEmpty()) {
      error = error.withProviderBody(body.text());
    }
    return retryAfter == null ? error : error.withRetryAfter(retryAfter);
  }

  private ProviderReply invalid(String message) {
    return new ProviderReply.Failure(
        INVALID_RESPONSE, ErrorCode.UPSTREAM_INVALID_RESPONSE.error(message), OK);
  }
}
