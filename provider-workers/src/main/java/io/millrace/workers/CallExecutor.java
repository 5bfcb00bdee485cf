package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.workers.KeyPool.Pick;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries an attempt out: picks keys, calls, repeats what may be repeated (hook contract, H25 to
 * H27), never past the deadline. Blocks the calling thread. Thread-safe.
 */
final class CallExecutor {

  private static final Logger LOG = LoggerFactory.getLogger(CallExecutor.class);

  /** What is recorded of a call that was cut off by the worker's own end. */
  private static final ProviderReply STOPPED =
      new ProviderReply.Failure(
          FailureClass.CONNECTION, ErrorCode.CANCELLED.error("the worker stopped"), null);

  private static final int LOGGED_FRAMES = 8;
  private static final Duration MAX_REST = Duration.ofDays(1);

  private final Provider provider;
  private final ProviderSetting setting;
  private final KeyPool keys;
  private final Backoff backoff;
  private final TimeSource time;
  private final WorkerMeters meters;

  CallExecutor(
      Provider provider,
      ProviderSetting setting,
      KeyPool keys,
      Backoff backoff,
      TimeSource time,
      WorkerMeters meters) {
    this.provider = provider;
    this.setting = setting;
    this.keys = keys;
    this.backoff = backoff;
    this.time = time;
    this.meters = meters;
  }

  /** Carries one attempt out. When it is interrupted it says so and leaves the interrupt set. */
  CallResult execute(CallOrder order) {
    Attempt attempt = new Attempt(order);
    try {
      return new CallResult.Finished(attempt.run(), attempt.calls);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CallResult.Abandoned(attempt.calls);
    }
  }

  /** The course of one attempt. */
  private final class Attempt {

    private final CallOrder order;
    private final List<CallTrace> calls = new ArrayList<>(1);
    private int retries;
    private @Nullable PooledKey key;
    private @Nullable PipelineError lastError;

    Attempt(CallOrder order) {
      this.order = order;
    }

    /** Each round makes a call, waits for a key, or ends. */
    Outcome run() throws InterruptedException {
      Outcome outcome = null;
      while (outcome == null) {
        outcome = round();
      }
      return outcome;
    }

    private @Nullable Outcome round() throws InterruptedException {
      Instant now = time.now();
      if (!now.isBefore(order.deadline())) {
        return deadlineExceeded();
      }
      if (key != null && key.usable(order.model(), now)) {
        return call(key);
      }
      return switch (keys.pick(order.model(), now)) {
        case Pick.Use(PooledKey picked) -> call(picked);
        case Pick.None(PipelineError error) -> error;
        case Pick.Resting(Instant until) -> awaitKey(Duration.between(now, until));
      };
    }

    private @Nullable Outcome awaitKey(Duration rest) throws InterruptedException {
      PipelineError limited = lastError == null ? allKeysRest() : lastError;
      return waitOrEnd(rest, limited.withRetryAfter(rest));
    }

    private @Nullable Outcome call(PooledKey with) throws InterruptedException {
      key = with;
      return switch (reply(with)) {
        case ProviderReply.Success success -> success.completion();
        case ProviderReply.Failure failure -> afterFailure(failure, with);
      };
    }

    private @Nullable Outcome afterFailure(ProviderReply.Failure failure, PooledKey with)
        throws InterruptedException {
      PipelineError error = failure.error();
      lastError = error;
      if (order.chunks() != null && order.chunks().begun()) {
        return error.withAllowFallbacks(false);
      }
      return switch (failure.failure().next()) {
        case GIVE_UP -> error;
        case NEXT_KEY -> nextKey(failure, with);
        case RETRY_SAME_KEY -> {
          Duration wait = backoff.before(retries + 1);
          Duration asked = restOf(error, wait);
          yield waitOrEnd(asked.compareTo(wait) > 0 ? asked : wait, error);
        }
      };
    }

    private @Nullable Outcome nextKey(ProviderReply.Failure failure, PooledKey with) {
      PipelineError error = failure.error();
      Instant now = time.now();
      if (failure.failure() == FailureClass.RATE_LIMITED) {
        keys.rest(with, now.plus(restOf(error, backoff.before(retries + 1))));
      } else if (with.needsNone()) {
        return error;
      } else {
        keys.refuse(with, order.model(), error, !dependsOnModel(failure), now);
      }
      key = null;
      return null;
    }

    /** Waits if there is a retry and time left, else ends with the error. */
    private @Nullable Outcome waitOrEnd(Duration wait, PipelineError error)
        throws InterruptedException {
      Instant now = time.now();
      if (!now.isBefore(order.deadline())) {
        return deadlineExceeded();
      }
      if (retries >= setting.retries().maxRetries()
          || wait.compareTo(Duration.between(now, order.deadline())) >= 0) {
        return error;
      }
      retries++;
      meters.retried();
      time.sleep(wait);
      return null;
    }

    private ProviderReply reply(PooledKey with) throws InterruptedException {
      Instant startedAt = time.now();
      long startedNanos = time.nanoTime();
      try {
        ProviderReply reply = ask(with, startedAt);
        record(reply, with, startedAt, time.nanoTime() - startedNanos);
        return reply;
      } catch (InterruptedException e) {
        record(STOPPED, with, startedAt, time.nanoTime() - startedNanos);
        throw e;
      }
    }

    private void record(ProviderReply reply, PooledKey with, Instant startedAt, long nanos) {
      calls.add(trace(reply, with, startedAt, nanos / 1_000));
      meters.called(reply, nanos);
    }

    private ProviderReply ask(PooledKey with, Instant now) throws InterruptedException {
      Duration left = Duration.between(now, order.deadline());
      Duration timeout = left.compareTo(setting.timeout()) < 0 ? left : setting.timeout();
      ProviderRequest request =
          new ProviderRequest(
              order.request(), order.model(), order.callId(), with.secret(), timeout);
      try {
        return send(request);
      } catch (ChunkSink.StoppedException e) {
        return new ProviderReply.Failure(FailureClass.REQUEST_REJECTED, e.error(), null);
      } catch (RuntimeException e) {
        return faultOf(e);
      }
    }

    private ProviderReply send(ProviderRequest request)
        throws ChunkSink.StoppedException, InterruptedException {
      StreamedChunks chunks = order.chunks();
      return switch (request.request().kind()) {
        case EMBEDDINGS -> provider.embed(request);
        case CHAT -> chunks == null ? provider.complete(request) : provider.stream(request, chunks);
      };
    }

    private CallTrace trace(
        ProviderReply reply, PooledKey with, Instant startedAt, long latencyMicros) {
      int number = calls.size() + 1;
      return switch (reply) {
        case ProviderReply.Success success -> {
          Usage usage = success.completion().usage();
          long cost = price().costNanos(usage);
          yield new CallTrace(
              number,
              with.name(),
              startedAt,
              latencyMicros,
              success.httpStatus(),
              null,
              usage,
              cost);
        }
        case ProviderReply.Failure failure ->
            new CallTrace(
                number,
                with.name(),
                startedAt,
                latencyMicros,
                failure.httpStatus(),
                failure.error().code(),
                null,
                0);
      };
    }

    private TokenPrice price() {
      return setting.prices().getOrDefault(order.model(), TokenPrice.FREE);
    }

    private PipelineError deadlineExceeded() {
      String after = lastError == null ? "" : "; the last call failed: " + lastError.message();
      return ErrorCode.DEADLINE_EXCEEDED.error(
          "the deadline passed after %d calls%s".formatted(calls.size(), after));
    }
  }

  /** An exception in a provider is a fault of its code; its message may hold secrets. */
  private static ProviderReply faultOf(RuntimeException e) {
    List<StackTraceElement> where = Stream.of(e.getStackTrace()).limit(LOGGED_FRAMES).toList();
    LOG.error("a provider threw {} at {}", e.getClass().getName(), where);
    PipelineError error =
        ErrorCode.INTERNAL_ERROR
            .error("the provider's code failed with " + e.getClass().getName())
            .withAllowFallbacks(true);
    return new ProviderReply.Failure(FailureClass.REQUEST_REJECTED, error, null);
  }

  private static PipelineError allKeysRest() {
    return ErrorCode.UPSTREAM_RATE_LIMITED.error(
        "every key that could be used is resting, because the provider said so");
  }

  private static Duration restOf(PipelineError error, Duration otherwise) {
    Duration asked = error.retryAfter();
    if (asked == null) {
      return otherwise;
    }
    return asked.compareTo(MAX_REST) > 0 ? MAX_REST : asked;
  }

  /** 403 and 404 may be about this model alone; the rest is about the key. */
  private static boolean dependsOnModel(ProviderReply.Failure failure) {
    Integer status = failure.httpStatus();
    return status != null && (status == 403 || status == 404);
  }
}
