package io.millrace.stages.hooks.tokens;

import io.millrace.stages.hooks.tokens.TextWeight.Nature;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tokens a weight was in somebody's recent prompts. Prompts of one tenant are much alike,
 * so after a few of them a glance at the next is enough. In memory only: what is lost with a
 * process is learnt again from a few prompts. Thread-safe; two threads that learn at once may lose
 * one lesson.
 */
final class TokenRatios {

  /** The most tenants and natures of text that are told apart; those beyond learn nothing. */
  static final int MAX_ENTRIES = 3_000;

  /** From this much weight on, about a thousand tokens, glances are enough. */
  static final long ENOUGH = 10_000;

  /** Half of what was learnt is forgotten whenever it is this much, so that it stays recent. */
  static final long MOST = 2 * ENOUGH;

  private final Map<Key, Learnt> ratios = new ConcurrentHashMap<>();

  /** Whose prompts, and of which nature. */
  record Key(String whose, Nature nature) {}

  /** Tokens that were counted, and what they weighed. */
  record Learnt(long tokens, long weight) {

    static final Learnt NOTHING = new Learnt(0, 0);

    boolean enough() {
      return weight >= ENOUGH;
    }

    Learnt plus(Learnt other) {
      return new Learnt(tokens + other.tokens, weight + other.weight);
    }

    private Learnt recent() {
      return weight > MOST ? new Learnt(tokens / 2, weight / 2) : this;
    }
  }

  Learnt of(Key key) {
    Learnt known = ratios.get(key);
    return known == null ? Learnt.NOTHING : known;
  }

  void learn(Key key, Learnt learnt) {
    if (ratios.size() < MAX_ENTRIES || ratios.containsKey(key)) {
      ratios.put(key, learnt.recent());
    }
  }
}
