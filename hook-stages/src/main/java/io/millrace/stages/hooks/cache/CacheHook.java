package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Prices;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that were answered before. A hit reads one value and, mostly, writes nothing. A
 * miss leads or joins the call of equal requests in flight, and its answer is stored on the way
 * back.
 *
 * <p>A streamed request has the key of one that is not, and takes a stored answer whole: whoever
 * sends results out as chunks sends that one as chunks too.
 */
final class CacheHook implements Hook {

  static final String HEADER = "x-millrace-cache";
  static final String AGE_HEADER = "x-millrace-cache-age";

  /** The hash under which the PostHook stores the answer; absent where nothing is to be stored. */
  private static final String KEY = "key";

  private static final String TTL = "ttl-ms";
  private static final String SCOPE = "scope";

  /** How exactly the time of use is kept: a part of the shortest life. */
  private static final int PRECISION_PARTS = 16;

  private final CacheConfig config;
  private final CacheStrategy strategy;
  private final Prices prices;
  private final CacheMeters meters;
  private final Tally tally = new Tally();
  private final Duration precision;

  CacheHook(CacheConfig config, CacheStrategy strategy, HookEnvironment environment) {
    this.config = config;
    this.strategy = strategy;
    this.prices = environment.prices();
    this.meters = new CacheMeters(environment.meters());
    this.precision = config.tiers().hot().dividedBy(PRECISION_PARTS);
  }

  @Override
  public String scopeKey(CompletionRequest request, RequestContext context) {
    return Shares.of(request);
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    return switch (Wish.of(context, config.maxTtl())) {
      case Wish.Unclear unclear ->
          PreHookResult.fail(ErrorCode.INVALID_REQUEST.error(unclear.message()));
      case Wish.Bypass ignored -> passBy(request, context);
      case Wish.Use use when !fit(request) -> passBy(request, context);
      case Wish.Use use -> look(request, use, context);
    };
  }

  private boolean fit(CompletionRequest request) {
    Double bound = config.maxTemperature();
    Double asked = request.temperature();
    return bound == null || (asked == null ? 1 : asked) <= bound;
  }

  private PreHookResult passBy(CompletionRequest request, HookContext context) {
    tell(Result.BYPASS, context);
    return PreHookResult.proceed(request);
  }

  private PreHookResult look(CompletionRequest request, Wish.Use wish, HookContext context) {
    String hash = context.contentHash(request);
    String scope = config.shared() ? Shares.of(request) : context.tenant();
    Answers answers = answers(context);
    if (strategy.predicts() && context.attempt() == 1 && !context.background()) {
      new Foresight(config, strategy, answers, context).see(hash, request, context);
    }
    StoredAnswer stored = wish.fresh() ? null : answers.live(hash);
    Completion completion = stored == null ? null : stored.completion();
    if (stored != null && completion != null) {
      hit(hash, scope, stored, answers, context);
      return PreHookResult.respond(completion);
    }
    return miss(request, hash, scope, wish, context);
  }

  private void hit(
      String hash, String scope, StoredAnswer stored, Answers answers, HookContext context) {
    if (context.background()) {
      tell(Result.BACKGROUND, context);
      return;
    }
    long now = context.now().toEpochMilli();
    StoredAnswer used = stored.used(now, draw(hash, context), precision, config.tiers().warm());
    if (used != stored) {
      answers.rewrite(hash, stored, used);
    }
    if (stored.predicted()) {
      answers.count(Count.PREDICTED_HITS, 1);
      answers.save();
    }
    tell(Result.HIT, context);
    long ageSeconds = Math.max(0, now - stored.storedAtMillis()) / 1_000;
    context.setResponseHeader(AGE_HEADER, Long.toString(ageSeconds));
    meters.saved(stored.costNanos());
    tally.add(scope, Count.SAVED_NANOS, stored.costNanos());
    note(scope, Count.HITS, answers);
    emit(EventTypes.CACHE_HIT, hash, context);
  }

  private PreHookResult miss(
      CompletionRequest request, String hash, String scope, Wish.Use wish, HookContext context) {
    context.setAttribute(KEY, hash);
    Duration ttl = wish.ttl();
    if (ttl != null) {
      context.setAttribute(TTL, Long.toString(ttl.toMillis()));
    }
    if (config.shared()) {
      context.setAttribute(SCOPE, scope);
    }
    if (context.background()) {
      tell(Result.BACKGROUND, context);
      return PreHookResult.proceed(request);
    }
    tell(wish.fresh() ? Result.REFRESH : Result.MISS, context);
    if (wish.fresh()) {
      return PreHookResult.proceed(request);
    }
    note(scope, Count.MISSES, null);
    emit(EventTypes.CACHE_MISS, hash, context);
    return config.coalesce() ? PreHookResult.join(request, hash) : PreHookResult.proceed(request);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    String hash = context.attribute(KEY).orElse(null);
    if (hash != null && outcome instanceof Completion completion) {
      long costNanos = Math.max(0, prices.of(context.target()).costNanos(completion.usage()));
      String scope = context.attribute(SCOPE).orElse(context.tenant());
      if (context.attribute("coalesced").isPresent()) {
        coalesced(scope, costNanos, context);
      } else if (worthKeeping(completion)) {
        store(hash, scope, completion, costNanos, context);
      }
    }
    return outcome;
  }

  private void coalesced(String scope, long costNanos, HookContext context) {
    tell(Result.COALESCED, context);
    meters.saved(costNanos);
    tally.add(scope, Count.SAVED_NANOS, costNanos);
    note(scope, Count.COALESCED, null);
  }

  /** A refusal by a provider's filter may not be the last word. */
  private static boolean worthKeeping(Completion completion) {
    return !completion.choices().isEmpty()
        && completion.choices().stream()
            .noneMatch(choice -> "content_filter".equals(choice.finishReason()));
  }

  private void store(
      String hash, String scope, Completion completion, long costNanos, HookContext context) {
    Answers answers = answers(context);
    StoredAnswer older = answers.find(hash);
    if (context.background() && answers.live(hash) != null) {
      return;
    }
    long now = context.now().toEpochMilli();
    long ttl = context.attribute(TTL).map(Long::parseLong).orElse(0L);
    int level = older == null ? 0 : Math.max(0, older.aged(now, config.tiers().warm()) - 1);
    boolean stored =
        answers.store(
            hash,
            new StoredAnswer(
                now,
                now,
                level,
                ttl,
                costNanos,
                context.background(),
                ModelCodec.write(completion)));
    tally.moveTo(scope, answers.summary());
    answers.save();
    if (stored) {
      emit(EventTypes.CACHE_SET, hash, context);
    }
  }

  @Override
  public String operate(Operation operation, OperationContext context) {
    Answers answers = new Answers(context.state(), config, strategy, context.now(), meters::count);
    tally.moveTo(context.scopeKey(), answers.summary());
    return new CacheOperations(config, answers, context.state()).answer(operation);
  }

  private Answers answers(HookContext context) {
    return new Answers(context.state(), config, strategy, context.now(), meters::count);
  }

  private void tell(Result result, HookContext context) {
    meters.request(result);
    context.setResponseHeader(HEADER, result.wireName());
  }

  /** Counts, and writes down when there is enough of it and the state is at hand. */
  private void note(String scope, Count what, @Nullable Answers answers) {
    if (tally.add(scope, what, 1) && answers != null) {
      tally.moveTo(scope, answers.summary());
      answers.save();
    }
  }

  private void emit(String type, String hash, HookContext context) {
    int step = Math.floorMod(context.requestId().hashCode() * 0x9E3779B1, 1_000_000);
    if (step < config.eventSample() * 1_000_000) {
      context.emit(type, Map.of("key", hash));
    }
  }

  /** As good as random, and the same when the request is processed again. */
  private static long draw(String hash, HookContext context) {
    long seed =
        hash.hashCode() * 0x9E3779B97F4A7C15L
            + context.requestId().hashCode() * 0xC2B2AE3D27D4EB4FL
            + context.attempt();
    seed = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
    seed = (seed ^ (seed >>> 27)) * 0x94D049BB133111EBL;
    return seed ^ (seed >>> 31);
  }
}
