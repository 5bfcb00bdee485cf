package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.Scope;
import java.util.List;

/**
 * The hook's configuration. Immutable.
 *
 * @param limits in the order of the configuration, names unique
 * @param scope by whose key the state is kept
 * @param countCached whether an answer that did not come from the provider counts
 * @param countFailed whether an attempt that failed counts
 * @param defaultMaxTokens what a request without a bound of its own is expected to generate
 * @param backgroundReserve the share of each limit that requests of hooks leave alone, 0 to 1
 * @param exactTokens whether prompts are counted with the tokenizer
 */
record RateLimitSettings(
    List<Limit> limits,
    Scope scope,
    boolean countCached,
    boolean countFailed,
    long defaultMaxTokens,
    double backgroundReserve,
    boolean exactTokens) {

  /** Copies the list. */
  RateLimitSettings {
    limits = List.copyOf(limits);
  }

  boolean countsTokens() {
    return limits.stream().anyMatch(limit -> limit.unit() == Unit.TOKENS);
  }
}
