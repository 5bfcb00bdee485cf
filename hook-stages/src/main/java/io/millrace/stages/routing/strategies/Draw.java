package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.Target;

/**
 * Chance that is the same for the same request and target, so that a request which is processed
 * again after a crash goes the same way.
 */
final class Draw {

  private static final double UNIT = 1.0 / (1L << 53);

  private Draw() {}

  /** From 0 inclusive to 1 exclusive, evenly spread. */
  static double of(RequestContext context, Target target) {
    long seed = hash(context) * 31 + target.provider().hashCode();
    return unit(seed * 31 + target.model().hashCode());
  }

  /** The same for the request alone. */
  static double of(RequestContext context) {
    return unit(hash(context));
  }

  private static long hash(RequestContext context) {
    long hash = context.tenant().hashCode();
    String id = context.requestId();
    for (int i = 0; i < id.length(); i++) {
      hash = hash * 1_000_003 + id.charAt(i);
    }
    return hash;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
  private static double unit(long seed) {
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * UNIT;
  }
}
