package io.millrace.stages.hooks.ratelimit;

import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;

/**
 * What every limiter's state begins with, after its version. Under another header the rest says
 * nothing.
 *
 * @param algorithm the place of the {@link Algorithm}; one that is not known here is like no other
 * @param periodMillis the rate's period
 */
record LimiterHeader(long algorithm, long periodMillis) {

  private static final int VERSION = 1;

  static LimiterHeader of(Algorithm algorithm, Rate rate) {
    return new LimiterHeader(algorithm.ordinal(), rate.periodMillis());
  }

  /**
   * Reads the header; the limiter's own numbers follow.
   *
   * @throws IllegalStateException for a version that a newer Millrace wrote
   */
  static LimiterHeader read(StateReader state) {
    StateReader known = state.requireVersion("a limit", VERSION);
    return new LimiterHeader(known.number(), known.number());
  }

  /** Begins a state; the limiter's own numbers follow. */
  StateWriter write() {
    return new StateWriter().number(VERSION).number(algorithm).number(periodMillis);
  }
}
