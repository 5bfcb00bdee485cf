package io.millrace.stages.hooks.validate;

/** How strictly the order of roles is held. */
enum RoleOrder {
  /** Not at all; a role must be one that there is. */
  ANY,
  /** A tool message answers a call that was made before it. */
  TOOLS,
  /**
   * Beyond that: system messages come first, each call is answered before somebody else speaks, and
   * the last word is not the assistant's.
   */
  STRICT
}
