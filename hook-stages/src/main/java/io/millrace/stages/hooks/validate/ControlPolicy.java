package io.millrace.stages.hooks.validate;

/** What becomes of control characters in a request. */
enum ControlPolicy {
  /** The request is refused. */
  REFUSE,
  /** They are taken out. */
  STRIP,
  /** They stay. */
  ALLOW
}
