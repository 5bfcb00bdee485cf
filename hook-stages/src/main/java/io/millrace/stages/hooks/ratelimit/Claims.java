package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.stages.hooks.quota.Subject;
import io.millrace.stages.hooks.tokens.TokenBound;
import io.millrace.stages.hooks.tokens.TokenEstimator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request asks of each limit that is meant for it. Thread-safe. */
final class Claims {

  /** The prompt's tokens, counted once for a request that asks again and again. */
  private static final String PROMPT_TOKENS = "prompt-tokens";

  private final RateLimitSettings settings;
  private volatile @Nullable TokenEstimator estimator;

  Claims(RateLimitSettings settings) {
    this.settings = settings;
  }

  /** Loads the tokenizer where it will be needed: not on a stream thread. */
  void load() {
    if (settings.countsTokens()) {
      estimator = settings.exactTokens() ? TokenEstimator.exact() : TokenEstimator.rough();
    }
  }

  List<Claim> of(
      CompletionRequest request,
      Subject subject,
      HookContext context,
      KeyedState state,
      long nowMillis) {
    List<Claim> claims = new ArrayList<>();
    for (Limit limit : settings.limits()) {
      if (limit.match().matches(subject)) {
        Bucket bucket = Bucket.load(limit, subject, state, nowMillis);
        long amount =
            switch (limit.unit()) {
              case REQUESTS -> 1;
              case TOKENS -> tokens(request, context, bucket.limiter().capacity());
            };
        claims.add(new Claim(bucket, amount));
      }
    }
    return claims;
  }

  /** What a request does not ask for itself must not make it more than a limit ever allows. */
  private long tokens(CompletionRequest request, HookContext context, long capacity) {
    long prompt = promptTokens(request, context);
    long both = prompt + TokenBound.completion(request, settings.defaultMaxTokens());
    return TokenBound.limitsCompletion(request) ? both : Math.min(both, Math.max(prompt, capacity));
  }

  private long promptTokens(CompletionRequest request, HookContext context) {
    return context
        .attribute(PROMPT_TOKENS)
        .map(Long::parseLong)
        .orElseGet(
            () -> {
              long tokens = estimator().prompt(request, context.tenant());
              context.setAttribute(PROMPT_TOKENS, Long.toString(tokens));
              return tokens;
            });
  }

  private TokenEstimator estimator() {
    TokenEstimator loaded = estimator;
    return loaded == null ? TokenEstimator.rough() : loaded;
  }
}
