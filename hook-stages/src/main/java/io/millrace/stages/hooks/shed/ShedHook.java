package io.millrace.stages.hooks.shed;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Refuses or parks, under overload, what matters least. */
final class ShedHook implements Hook {

  static final String REQUESTS = "millrace.shed.requests";

  /** How often it looks at the load; requests go by the last look. */
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final OverloadWatch watch;
  private final ShedSettings settings;
  private final Meters meters;
  private @Nullable ScheduledExecutorService clock;

  ShedHook(OverloadWatch watch, ShedSettings settings, Meters meters) {
    this.watch = watch;
    this.settings = settings;
    this.meters = meters;
  }

  /** Begins to look, so that it ends also where no request comes any more. */
  @Override
  public synchronized void initialize() {
    clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("millrace-shed").factory());
    var unused = // cancelled with the executor
        clock.scheduleWithFixedDelay(
            watch::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    Level own = Level.of(context);
    // An attempt after the first would throw away what the first has cost.
    if (context.attempt() > 1 || !watch.level().leavesOut(own)) {
      return PreHookResult.proceed(request);
    }
    Duration wait = jittered(context);
    boolean park =
        settings.action() == ShedSettings.Action.PARK
            && !context.background()
            && context.now().plus(wait).plus(settings.retryAfter()).isBefore(context.deadline());
    meters.count(REQUESTS, Map.of("lane", own.wireName(), "action", park ? "park" : "refuse"), 1);
    return park ? PreHookResult.defer(wait) : PreHookResult.fail(refusal(own));
  }

  private PipelineError refusal(Level own) {
    return ErrorCode.OVERLOADED
        .error(
            "the pipeline is overloaded and takes no "
                + own.wireName()
                + " requests at the moment; try again later")
        .withRetryAfter(settings.retryAfter())
        .withAllowFallbacks(false);
  }

  /** Half to one and a half times the advice, so that those who wait do not come back at once. */
  private Duration jittered(HookContext context) {
    long full = settings.retryAfter().toMillis();
    int lot = Math.floorMod((context.requestId() + context.now().toEpochMilli()).hashCode(), 1_000);
    return Duration.ofMillis(Math.max(1, full / 2 + full * lot / 1_000));
  }

  @Override
  public synchronized void close() {
    if (clock != null) {
      clock.shutdownNow();
    }
    watch.end();
  }
}
