package io.millrace.workers.provider;

import static io.millrace.plugin.provider.FailureClass.CONNECTION;
import static io.millrace.plugin.provider.FailureClass.INVALID_RESPONSE;
import static io.millrace.plugin.provider.FailureClass.KEY_REJECTED;
import static io.millrace.plugin.provider.FailureClass.REQUEST_REJECTED;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP answer that is no success, or the lack of one, means (hook contract, H26 and H33).
 * Messages say what a person needs; what the provider wrote is kept apart, cut to a bound and
 * without the key.
 */
final class HttpReplies {

  static final int OK = 200;
  private static final int MOVED = 300;
  private static final int BAD_REQUEST = 400;

  private final String provider;
  private final InstantSource clock;

  HttpReplies(String provider, InstantSource clock) {
    this.provider = provider;
    this.clock = clock;
  }

  /** An answer with a status other than 200. */
  ProviderReply.Failure failure(int status, HttpHeaders headers, ErrorBody body) {
    if (status < BAD_REQUEST) {
      return notAnAnswer(status);
    }
    Duration asked = RetryAfter.read(headers, clock.instant());
    Duration wait = asked == null ? body.retryAfter() : asked;
    String says = "provider %s answered %d".formatted(provider, status);
    return limited(failure(status, says, body, wait), headers);
  }

  /** An error within an answer that began with 200. */
  ProviderReply.Failure within(HttpHeaders headers, ErrorBody body) {
    int meant = ErrorKind.statusOf(body);
    String says = "provider %s answered 200 with an error".formatted(provider);
    return limited(failure(meant, says, body, body.retryAfter()), headers);
  }

  /** Nothing came in time. */
  ProviderReply.Failure timedOut(CallTimeoutException cause) {
    return new ProviderReply.Failure(
        FailureClass.TIMEOUT,
        ErrorCode.UPSTREAM_TIMEOUT.error("provider %s %s".formatted(provider, cause.getMessage())),
        null);
  }

  /** No connection, or one that broke off. */
  ProviderReply.Failure broken(IOException cause) {
    if (cause instanceof TooLongAnswerException) {
      return invalid(
          "the answer of provider %s is refused: %s".formatted(provider, cause.getMessage()));
    }
    String what = cause instanceof SSLException ? "TLS with" : "the connection to";
    String why = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new ProviderReply.Failure(
        CONNECTION,
        ErrorCode.UPSTREAM_UNREACHABLE.error(
            "%s provider %s failed (%s%s)"
                .formatted(what, provider, cause.getClass().getSimpleName(), why)),
        null);
  }

  /** A stream that ended before its answer did. */
  ProviderReply.Failure cutOff() {
    return new ProviderReply.Failure(
        CONNECTION,
        ErrorCode.UPSTREAM_UNREACHABLE.error(
            "the stream of provider %s ended before its answer was complete".formatted(provider)),
        OK);
  }

  /** An answer that cannot be understood. */
  ProviderReply.Failure notACompletion(String why) {
    return invalid(
        "provider %s answered 200 with something that is no completion: %s"
            .formatted(provider, why));
  }

  /** A key that no header can hold; it is not shown. */
  ProviderReply.Failure unusableKey() {
    return new ProviderReply.Failure(
        KEY_REJECTED,
        ErrorCode.UPSTREAM_CREDENTIALS_EXHAUSTED.error(
            "a key of provider %s has characters that no key has: a line break, perhaps?"
                .formatted(provider)),
        null);
  }

  /** A request that this provider cannot be asked; another one may do. */
  ProviderReply.Failure unmappable(UnmappableRequestException cause) {
    return new ProviderReply.Failure(
        REQUEST_REJECTED,
        ErrorCode.INVALID_REQUEST
            .error("provider %s cannot be asked this: %s".formatted(provider, cause.getMessage()))
            .withAllowFallbacks(true),
        null);
  }

  /** A request whose fields do not hold what they must. */
  ProviderReply.Failure malformed(IllegalArgumentException cause) {
    return new ProviderReply.Failure(
        REQUEST_REJECTED,
        ErrorCode.INVALID_REQUEST.error(String.valueOf(cause.getMessage())),
        null);
  }

  private ProviderReply.Failure notAnAnswer(int status) {
    PipelineError error =
        ErrorCode.UPSTREAM_INVALID_RESPONSE.error(
            status < MOVED
                ? "provider %s answered %d where 200 was due".formatted(provider, status)
                : "provider %s redirects (status %d), which is refused: set base_url to the final address"
                    .formatted(provider, status));
    return new ProviderReply.Failure(REQUEST_REJECTED, error, status);
  }

  private static ProviderReply.Failure failure(
      int status, String says, ErrorBody body, @Nullable Duration retryAfter) {
    ErrorKind kind = ErrorKind.of(status, body);
    return switch (kind) {
      // What the provider writes about a key may show a part of it, so none of it is kept.
      case KEY -> named(kind, status, says, body.codeOnly(), retryAfter);
      case REQUEST -> rejected(named(kind, status, says, body, null), status);
      case MODEL, MODEL_NAME, TIMEOUT, LIMIT, SERVER -> named(kind, status, says, body, retryAfter);
    };
  }

  private static ProviderReply.Failure named(
      ErrorKind kind, int status, String says, ErrorBody body, @Nullable Duration retryAfter) {
    PipelineError error = kind.code().error(says + body.describe());
    if (!body.text().isEmpty()) {
      error = error.withProviderBody(body.text());
    }
    error = retryAfter == null ? error : error.withRetryAfter(retryAfter);
    return new ProviderReply.Failure(kind.failure(), error, status);
  }

  /** The caller's fault: the caller gets the provider's own status. */
  private static ProviderReply.Failure rejected(ProviderReply.Failure named, int status) {
    PipelineError error = named.error();
    return new ProviderReply.Failure(
        named.failure(),
        new PipelineError(
            error.code(),
            error.category(),
            error.message(),
            status,
            null,
            null,
            error.providerBody()),
        status);
  }

  private ProviderReply.Failure limited(ProviderReply.Failure failure, HttpHeaders headers) {
    return new ProviderReply.Failure(
        failure.failure(),
        failure.error(),
        failure.httpStatus(),
        RateLimitHeaders.read(headers, clock.instant()));
  }

  private static ProviderReply.Failure invalid(String message) {
    return new ProviderReply.Failure(
        INVALID_RESPONSE, ErrorCode.UPSTREAM_INVALID_RESPONSE.error(message), OK);
  }
}
