package io.millrace.stages.hooks.mock;

/** What becomes of a request that no rule fits. */
enum Otherwise {
  /** It goes on. */
  PASS,
  /** It fails. */
  ERROR
}
