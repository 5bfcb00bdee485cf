package io.millrace.workers.engine;

import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/** The failures of calls to models in this process. */
final class EngineFailures {

  private EngineFailures() {}

  static ProviderReply noModel(String provider, String model, Collection<String> models) {
    return failure(
        FailureClass.REQUEST_REJECTED,
        ErrorCode.MODEL_NOT_FOUND.error(
            "provider %s has no model '%s'; it has %s"
                .formatted(provider, cut(model), String.join(", ", models))));
  }

  static ProviderReply otherKind(ProviderRequest request, Set<RequestKind> kinds) {
    return failure(
        FailureClass.REQUEST_REJECTED,
        ErrorCode.INVALID_REQUEST
            .error(
                "model %s cannot be asked for %s, only for %s"
                    .formatted(
                        request.model(),
                        request.request().kind().wireName(),
                        String.join(
                            ", ", kinds.stream().map(RequestKind::wireName).sorted().toList())))
            .withAllowFallbacks(true));
  }

  static ProviderReply notLoaded(String provider, String model, ModelException cause) {
    return failure(
        FailureClass.REQUEST_REJECTED,
        ErrorCode.PROVIDER_UNAVAILABLE
            .error(
                "model %s of provider %s cannot be loaded: %s"
                    .formatted(model, provider, cause.getMessage()))
            .withAllowFallbacks(true));
  }

  static ProviderReply timedOut(String provider, Duration timeout) {
    return failure(
        FailureClass.TIMEOUT,
        ErrorCode.UPSTREAM_TIMEOUT.error(
            "the engine of provider %s did not answer within %d ms"
                .formatted(provider, timeout.toMillis())));
  }

  static ProviderReply busy(String provider) {
    return failure(
        FailureClass.RATE_LIMITED,
        ErrorCode.UPSTREAM_RATE_LIMITED.error(
            "too many calls wait for the engine of provider %s".formatted(provider)));
  }

  static ProviderReply stopped(String provider) {
    return failure(
        FailureClass.CONNECTION,
        ErrorCode.UPSTREAM_ERROR.error("the engine of provider %s stops".formatted(provider)));
  }

  static ProviderReply threw(String provider, Throwable cause) {
    return failure(
        FailureClass.REQUEST_REJECTED,
        ErrorCode.INTERNAL_ERROR
            .error(
                "the engine of provider %s failed with %s"
                    .formatted(provider, cause.getClass().getName()))
            .withAllowFallbacks(true));
  }

  private static ProviderReply failure(FailureClass failure, PipelineError error) {
    return new ProviderReply.Failure(failure, error, null);
  }

  private static String cut(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
