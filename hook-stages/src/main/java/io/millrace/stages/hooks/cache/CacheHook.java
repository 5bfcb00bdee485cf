package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.hook.PipelineLoad;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Prices;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import java.time.Duration;

/**
 * Answers requests that were answered before. A hit reads one value and, mostly, writes nothing. A
 * miss leads or joins the call of equal requests in flight, and its answer is stored on the way
 * back.
 *
 * <p>A streamed request has the key of one that is not, and takes a stored answer whole: whoever
 * sends results out as chunks sends that one as chunks too.
 */
final class CacheHook implements Hook {

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
  private final PipelineLoad load;
  private final Account account;
  private final Duration precision;

  CacheHook(CacheConfig config, CacheStrategy strategy, HookEnvironment environment) {
    this.config = config;
    this.strategy = strategy;
    this.prices = environment.prices();
    this.load = environment.load();
    this.account = new Account(environment, config.eventSample());
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
    account.tell(Result.BYPASS, context);
    return PreHookResult.proceed(request);
  }

  private PreHookResult look(CompletionRequest request, Wish.Use wish, HookContext context) {
    String hash = context.contentHash(request);
    String scope = config.shared() ? Shares.of(request) : context.tenant();
    Answers answers = answers(context);
    if (strategy.predicts() && context.attempt() == 1 && !context.background()) {
      new Foresight(config, strategy, answers, load, context).see(hash, request, context);
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
      account.tell(Result.BACKGROUND, context);
      return;
    }
    long now = context.now().toEpochMilli();
    StoredAnswer used =
        stored.used(now, Draw.number(hash, context), precision, config.tiers().warm());
    if (used != null) {
      answers.rewrite(hash, stored, used);
    }
    if (stored.predicted()) {
      answers.count(Count.PREDICTED_HITS, 1);
      answers.save();
    }
    account.tell(Result.HIT, context);
    long ageSeconds = Math.max(0, now - stored.storedAtMillis()) / 1_000;
    context.setResponseHeader(AGE_HEADER, Long.toString(ageSeconds));
    account.saved(scope, Count.HITS, stored.costNanos());
    if (account.due(scope)) {
      account.settle(scope, answers);
    }
    account.emit(EventTypes.CACHE_HIT, hash, context);
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
      account.tell(Result.BACKGROUND, context);
      return PreHookResult.proceed(request);
    }
    account.tell(wish.fresh() ? Result.REFRESH : Result.MISS, context);
    if (wish.fresh()) {
      return PreHookResult.proceed(request);
    }
    account.missed(scope);
    account.emit(EventTypes.CACHE_MISS, hash, context);
    return config.coalesce() ? PreHookResult.join(request, hash) : PreHookResult.proceed(request);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    String hash = context.attribute(KEY).orElse(null);
    if (hash != null && outcome instanceof Completion completion) {
      long costNanos = Math.max(0, prices.of(context.target()).costNanos(completion.usage()));
      String scope = context.attribute(SCOPE).orElse(context.tenant());
      if (context.attribute("coalesced").isPresent()) {
        account.tell(Result.COALESCED, context);
        account.saved(scope, Count.COALESCED, costNanos);
      } else if (worthKeeping(completion)) {
        store(hash, scope, completion, costNanos, context);
      }
    }
    return outcome;
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
    byte[] bytes = ModelCodec.write(completion);
    try {
      if (answers.store(
          hash, new StoredAnswer(now, now, level, ttl, costNanos, context.background(), bytes))) {
        account.emit(EventTypes.CACHE_SET, hash, context);
      }
    } finally {
      // Also when a strategy throws: what has left by then has left.
      account.settle(scope, answers);
    }
  }

  @Override
  public String operate(Operation operation, OperationContext context) {
    Answers answers =
        new Answers(context.state(), config, strategy, context.now(), account.meters()::count);
    account.settle(context.scopeKey(), answers);
    return new CacheOperations(config, answers, context.state()).answer(operation);
  }

  private Answers answers(HookContext context) {
    return new Answers(context.state(), config, strategy, context.now(), account.meters()::count);
  }
}
