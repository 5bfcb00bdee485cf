package io.millrace.workers;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers calls from a list, then with success; remembers what it was asked. For one thread. */
final class ScriptedProvider implements Provider {

  private final Deque<Function<ProviderRequest, ProviderReply>> script = new ArrayDeque<>();
  private final List<ProviderRequest> requests = new ArrayList<>();

  /** A provider whose next calls end like this. */
  static ScriptedProvider replying(ProviderReply... replies) {
    ScriptedProvider provider = new ScriptedProvider();
    for (ProviderReply reply : replies) {
      provider.then(request -> reply);
    }
    return provider;
  }

  /** Adds a call. */
  ScriptedProvider then(Function<ProviderRequest, ProviderReply> reply) {
    script.add(reply);
    return this;
  }

  @Override
  public ProviderReply complete(ProviderRequest request) {
    requests.add(request);
    Function<ProviderRequest, ProviderReply> next = script.poll();
    return next == null ? success() : next.apply(request);
  }

  List<ProviderRequest> requests() {
    return requests;
  }

  /** The secrets used, in order. */
  List<String> secrets() {
    return requests.stream().map(request -> String.valueOf(request.apiKey())).toList();
  }

  static ProviderReply success() {
    return new ProviderReply.Success(
        Completion.ofText("c-1", "m", 0, "hello", Usage.of(100, 10)), 200);
  }

  static ProviderReply failure(FailureClass failure, ErrorCode code, @Nullable Integer status) {
    return new ProviderReply.Failure(failure, code.error("scripted " + code), status);
  }

  static ProviderReply serverError() {
    return failure(FailureClass.SERVER_ERROR, ErrorCode.UPSTREAM_ERROR, 503);
  }

  static ProviderReply rejectedKey(int status) {
    return failure(FailureClass.KEY_REJECTED, ErrorCode.UPSTREAM_CREDENTIALS_EXHAUSTED, status);
  }

  static ProviderReply rateLimited(@Nullable Duration retryAfter) {
    PipelineError error = ErrorCode.UPSTREAM_RATE_LIMITED.error("slow down");
    return new ProviderReply.Failure(
        FailureClass.RATE_LIMITED,
        retryAfter == null ? error : error.withRetryAfter(retryAfter),
        429);
  }
}
